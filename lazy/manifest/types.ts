/** The kinds of source that a manifest describes. */
export type SourceKind = "directory" | "tar" | "tar.gz" | "tar.zst" | "estargz";

/** A read-only tree: its names, attributes and links, and a digest for each chunk of each file. It holds no content. */
export interface Manifest {
  readonly kind: SourceKind;
  /** The root (path "") comes first, a directory before the entries in it, and a file before its hard links. No path comes twice. */
  readonly entries: readonly Entry[];
  /** The ranges of a layer that are fetched and unpacked whole; empty for a directory. */
  readonly packs: readonly Pack[];
  /** Each chunk at the place of its number. The numbers ascend with the places in the layer. */
  readonly chunks: readonly Chunk[];
  /** The files that the layer's author wants loaded first, in that order (landmarks of eStargz). */
  readonly prefetch: readonly string[];
}

/** The attributes of every entry. */
export interface Attributes {
  /** Relative to the root, with `/` between names and none at the ends; "" is the root. At most 4095 bytes, 255 for each name. */
  readonly path: string;
  /** The permissions with set-user-ID, set-group-ID and sticky, without the type: 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Whole seconds since 1970, rounded down; may be negative. */
  readonly mtimeSeconds: number;
  readonly mtimeNanoseconds: number;
  /** The values in base64 by their full names, for instance `user.mime_type`. */
  readonly xattrs: Readonly<Record<string, string>>;
}

export interface DirectoryEntry extends Attributes {
  readonly type: "directory";
}

export interface FileEntry extends Attributes {
  readonly type: "file";
  /** Bytes: the sum of the chunks' sizes. */
  readonly size: number;
  /** In the order of the file, without gaps. */
  readonly chunks: readonly Chunk[];
}

interface SymlinkEntry extends Attributes {
  readonly type: "symlink";
  /** Content like any other: it may point anywhere, and nothing here follows it. */
  readonly target: string;
}

/** A second name of a file. Its attributes are the file's. */
interface HardLinkEntry {
  readonly type: "hardlink";
  readonly path: string;
  /** The path of an earlier entry of type "file". */
  readonly target: string;
}

interface FifoEntry extends Attributes {
  readonly type: "fifo";
}

/** The deletion of a lower layer's name, as overlayfs stores it: a character device 0:0, which mknod(2) makes without rights. */
interface WhiteoutEntry extends Attributes {
  readonly type: "whiteout";
}

export type Entry = DirectoryEntry | FileEntry | SymlinkEntry | HardLinkEntry | FifoEntry | WhiteoutEntry;

/** A piece of a file, fetched and verified whole. At most `MOST_CHUNK_BYTES`. */
export interface Chunk {
  /** The index in `Manifest.chunks`. */
  readonly number: number;
  /** The byte in the file at which the chunk begins. */
  readonly offset: number;
  /** Bytes, unpacked; at least 1. */
  readonly size: number;
  /** The SHA-256 of the unpacked bytes: 64 hexadecimal digits in lower case. */
  readonly sha256: string;
  readonly place: Place;
}

/** The place of a chunk in the origin. */
type Place = FilePlace | PackPlace;

/** The chunk lies in a file of the same path in the origin, at the same offset. */
interface FilePlace {
  readonly kind: "file";
  readonly path: string;
}

/** The chunk lies in a pack. Chunks of one pack arrive together: ask for them at once, and they are fetched and unpacked once. */
export interface PackPlace {
  readonly kind: "pack";
  /** The index in `Manifest.packs`. */
  readonly pack: number;
  /** The byte of the pack, as packed, at which unpacking begins. */
  readonly at: number;
  /** The bytes between there and the chunk, as unpacked. */
  readonly skip: number;
}

/** A range of a layer. */
export interface Pack {
  /** The first byte in the layer. */
  readonly offset: number;
  /** Bytes in the layer. */
  readonly size: number;
  /** The bytes that the pack unpacks to, and the bound of the memory for that. */
  readonly unpackedSize: number;
  readonly packing: Packing;
}

export type Packing =
  /** The bytes themselves. */
  | { readonly kind: "none" }
  /** Members of gzip, one after another. */
  | { readonly kind: "gzip" }
  /** Blocks of a deflate stream that begin in the middle of it: a checkpoint. */
  | {
      readonly kind: "deflate";
      /** The bits of the first byte that belong to the block before: 0 to 7. */
      readonly bits: number;
      /** The unpacked bytes before the pack, at most 32 KiB, themselves deflated, in base64. */
      readonly window: string;
    }
  /** A whole stream of zstd, unpacked from its beginning as it arrives. Its size is not bounded, its memory is. */
  | { readonly kind: "zstd" };

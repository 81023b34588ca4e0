import {
  type Attributes,
  checkPath,
  type DraftEntry,
  isNote,
  MOST_ENTRIES,
  OPAQUE,
  parentOf,
  quoted,
} from "../../manifest/index.js";
import { badLayer } from "./bad-layer.js";

/** The name prefix of a deletion, and the name of the mark that hides a directory of lower layers (OCI image layer specification). */
const WHITEOUT = ".wh.";
const OPAQUE_MARK = ".wh..wh..opq";
/** Other names of this prefix are notes of AUFS. */
const AUFS_NOTE = ".wh..wh.";

/** The most of all names, links and attributes together, in characters. */
const MOST_TEXT_BYTES = 256 * 2 ** 20;

const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);
const yes = Buffer.from("y").toString("base64");

/**
 * The tree of a layer, entry by entry. Directories that a layer leaves out are added, deletions become whiteouts of overlayfs, and a
 * directory that comes twice has its later attributes. Anything else that comes twice is refused.
 */
export class LayerTree {
  /** By path; a directory is there before the entries in it. */
  readonly #entries = new Map<string, DraftEntry>([["", directory("")]]);
  readonly #deleted = new Set<string>();
  readonly #opaque = new Set<string>();
  #bytes = 0;

  /** Takes an entry whose path has been through `treePath`. @throws {FusemeterError} `BAD_LAYER` */
  add(entry: DraftEntry): void {
    const { path } = entry;
    const name = nameOf(path);
    this.#count(entry);
    if (name.startsWith(WHITEOUT)) {
      this.#mark(path, name);
      return;
    }
    const before = this.#entries.get(path);
    const isAgain = before !== undefined && !(before.type === "directory" && entry.type === "directory");
    if (isAgain) throw badLayer(`the path ${quoted(path)} comes twice in the layer`);
    this.#needParent(path);
    this.#entries.set(path, withoutNotes(entry.type === "hardlink" ? this.#linked(entry) : entry));
  }

  /** The entries in an order that a manifest takes. */
  finish(): DraftEntry[] {
    for (const path of this.#deleted) this.#delete(path);
    for (const path of this.#opaque) this.#makeOpaque(path);
    return [...this.#entries.values()];
  }

  /** Bounds the memory of the tree: entries, and the texts in them. */
  #count(entry: DraftEntry): void {
    this.#bytes += entry.path.length;
    if (entry.type === "symlink" || entry.type === "hardlink") this.#bytes += entry.target.length;
    if (entry.type !== "hardlink")
      for (const [key, value] of Object.entries(entry.xattrs)) this.#bytes += key.length + value.length;
    if (this.#bytes > MOST_TEXT_BYTES)
      throw badLayer(`the names and attributes of the layer are larger than ${MOST_TEXT_BYTES} bytes`);
    const entries = this.#entries.size + this.#deleted.size + this.#opaque.size;
    if (entries > MOST_ENTRIES) throw badLayer(`the layer has more than ${MOST_ENTRIES} entries`);
  }

  #mark(path: string, name: string): void {
    const parent = parentOf(path);
    if (name === OPAQUE_MARK) this.#opaque.add(parent);
    else if (!name.startsWith(AUFS_NOTE)) this.#deleted.add(parent === "" ? name.slice(4) : `${parent}/${name.slice(4)}`);
  }

  /** A deletion hides lower layers alone: an entry of this layer under the same name stays, and a directory hides theirs. */
  #delete(path: string): void {
    const here = this.#entries.get(path);
    if (here?.type === "directory") this.#makeOpaque(path);
    if (here !== undefined) return;
    this.#needParent(path);
    this.#entries.set(path, { ...directory(path), type: "whiteout", mode: 0 });
  }

  #makeOpaque(path: string): void {
    if (!this.#entries.has(path)) {
      this.#needParent(path);
      this.#entries.set(path, directory(path));
    }
    const here = this.#entries.get(path)!;
    if (here.type !== "directory") throw badLayer(`${quoted(path)} of the layer is opaque and no directory`);
    this.#entries.set(path, { ...here, xattrs: { ...here.xattrs, [OPAQUE]: yes } });
  }

  #needParent(path: string): void {
    if (path === "") return;
    const missing: string[] = [];
    let above = parentOf(path);
    for (; !this.#entries.has(above); above = parentOf(above)) missing.push(above);
    const { type } = this.#entries.get(above)!;
    if (type !== "directory") throw badLayer(`the path ${quoted(path)} of the layer lies beneath a ${type}`);
    for (const implied of missing.reverse()) this.#entries.set(implied, directory(implied));
  }

  /** A link to a link is a link to its file; a hard link to a symbolic link is the same symbolic link. */
  #linked(link: DraftEntry & { type: "hardlink" }): DraftEntry {
    const target = this.#entries.get(link.target);
    if (target?.type === "hardlink") return { ...link, target: target.target };
    return target?.type === "symlink" ? { ...target, path: link.path } : link;
  }
}

/** A directory that nobody described. */
function directory(path: string): Attributes & { type: "directory" } {
  return { type: "directory", path, mode: 0o755, uid: 0, gid: 0, mtimeSeconds: 0, mtimeNanoseconds: 0, xattrs: {} };
}

function withoutNotes(entry: DraftEntry): DraftEntry {
  if (entry.type === "hardlink") return entry;
  return { ...entry, xattrs: Object.fromEntries(Object.entries(entry.xattrs).filter(([name]) => !isNote(name))) };
}

/**
 * The path of a tree from a name in a layer: without `./` before it and `/` behind it.
 *
 * @throws {FusemeterError} `BAD_MANIFEST` for a name that leads outside
 */
export function treePath(name: string): string {
  const path = name.replace(/^(?:\.\/+)+/, "").replace(/\/+$/, "");
  if (path === "" && name.startsWith("/")) return checked("/");
  return path === "" || path === "." ? "" : checked(path);
}

function checked(path: string): string {
  checkPath(path);
  return path;
}

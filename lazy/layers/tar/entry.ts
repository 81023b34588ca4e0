import { quoted } from "../../manifest/index.js";
import { badLayer } from "../common/bad-layer.js";
import type { TarHeader } from "./header.js";
import { type PaxRecords, timeOf, wholeOf, xattrsOf } from "./pax.js";

/** An entry of a tar archive: its header with the extended ones applied. */
export interface TarEntry {
  readonly type: "file" | "directory" | "symlink" | "hardlink" | "fifo" | "character-device" | "block-device";
  readonly name: string;
  readonly link: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** The bytes of the body; 0 for all but files. */
  readonly size: number;
  readonly mtimeSeconds: number;
  readonly mtimeNanoseconds: number;
  /** Values in base64. */
  readonly xattrs: Readonly<Record<string, string>>;
  readonly deviceMajor: number;
  readonly deviceMinor: number;
}

/** The headers in front of an entry's own. */
export interface Extensions {
  readonly global: PaxRecords;
  readonly own: PaxRecords;
  /** GNU's long name and long link. */
  readonly name: Buffer | null;
  readonly link: Buffer | null;
}

const types: Readonly<Record<string, TarEntry["type"]>> = {
  "0": "file",
  "\0": "file",
  "7": "file",
  "1": "hardlink",
  "2": "symlink",
  "3": "character-device",
  "4": "block-device",
  "5": "directory",
  "6": "fifo",
};

/** @throws {FusemeterError} `BAD_LAYER` for a type or a number that can't be used, and for a name that is not UTF-8 */
export function entryFrom(header: TarHeader, extensions: Extensions): TarEntry {
  const records = new Map([...extensions.global, ...extensions.own]);
  const name = textOf(records.get("path") ?? extensions.name ?? header.name);
  const isSparse = header.type === "S" || [...records.keys()].some((key) => key.startsWith("GNU.sparse."));
  if (isSparse) throw badLayer(`${quoted(name)} of the layer can't be read`, "it is a sparse file of GNU tar's");
  // The old format has no directories: their names end in a slash.
  const type = types[header.type] === "file" && name.endsWith("/") ? "directory" : types[header.type];
  if (type === undefined) throw badLayer(`${quoted(name)} of the layer can't be read`, "its type is not known");
  const size = wholeOf(records, "size") ?? header.size;
  if (size < 0) throw badLayer(`${quoted(name)} of the layer can't be read`, "its size is negative");
  return {
    type,
    name,
    link: textOf(records.get("linkpath") ?? extensions.link ?? header.link),
    mode: header.mode & 0o7777,
    uid: wholeOf(records, "uid") ?? header.uid,
    gid: wholeOf(records, "gid") ?? header.gid,
    // Writers differ in the size that a link has; none has a body after it (as in Go's archive/tar).
    size: type === "file" ? size : 0,
    ...(timeOf(records) ?? { mtimeSeconds: header.mtime, mtimeNanoseconds: 0 }),
    xattrs: xattrsOf(records),
    deviceMajor: header.deviceMajor,
    deviceMinor: header.deviceMinor,
  };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function textOf(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw badLayer(`the name ${quoted(bytes.toString("latin1"))} of the layer is not UTF-8`, null, cause);
  }
}

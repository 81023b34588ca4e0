import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from "node:fs";
import { join } from "node:path";
import type { Chunk, Manifest } from "../../lazy/manifest/index.js";
import { listAttributes, readAttribute } from "../../linux/libc/extended-attributes.js";

/** The bytes of a chunk, read from the directory that the manifest describes. */
export function bytesOf(source: string, { place, offset, size }: Chunk): Buffer {
  if (place.kind !== "file") throw new Error("a chunk of a directory is expected");
  const fd = openSync(join(source, place.path), "r");
  const bytes = Buffer.alloc(size);
  readSync(fd, bytes, 0, size, offset);
  closeSync(fd);
  return bytes;
}

/** The chunks of a file of a manifest. */
export function chunksOf({ entries }: Manifest, path: string): readonly Chunk[] {
  const entry = entries.find((candidate) => candidate.path === path);
  if (entry?.type !== "file") throw new Error(`${path} is no file`);
  return entry.chunks;
}

/** Everything about a tree that a copy must have, by path: types, modes, owners, times, links, attributes and content. */
export function describeTree(root: string): Record<string, unknown> {
  const inodes = new Map<bigint, string>();
  const describe = (path: string): unknown => {
    const full = join(root, path);
    const stat = lstatSync(full, { bigint: true });
    const first = inodes.get(stat.ino);
    if (!stat.isDirectory() && first !== undefined) return { sameAs: first };
    inodes.set(stat.ino, path);
    const { mode, uid, gid, mtimeNs, nlink, rdev } = stat;
    const common = {
      mode: Number(mode).toString(8),
      uid,
      gid,
      mtimeNs,
      rdev,
      xattrs: stat.isSymbolicLink() ? {} : attributesOf(full),
    };
    if (stat.isSymbolicLink()) return { ...common, target: readlinkSync(full) };
    if (stat.isFile()) return { ...common, nlink, content: readFileSync(full).toString("base64") };
    return common;
  };
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(["", ...paths].map((path) => [path, describe(path)]));
}

function attributesOf(path: string): Record<string, string> {
  const names = Buffer.alloc(65536);
  const length = listAttributes(path, names);
  if (length <= 0) return {};
  const list = names.toString("utf8", 0, length).split("\0").slice(0, -1).sort();
  return Object.fromEntries(
    list.map((name) => {
      const value = Buffer.alloc(65536);
      return [name, value.toString("base64", 0, readAttribute(path, name, value))];
    }),
  );
}

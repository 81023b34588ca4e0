import { createHash } from "node:crypto";
import type { Entry, Manifest } from "../manifest/index.js";

/**
 * The SHA-256 of a manifest's tree, 32 bytes: a store belongs to one tree. The places of chunks are the origin's matter, so the same tree
 * may come from another.
 */
export function identityOf({ entries }: Manifest): Buffer {
  const hash = createHash("sha256");
  for (const entry of entries) hash.update(JSON.stringify(factsOf(entry))).update("\n");
  return hash.digest();
}

/** All that is said about an entry, in one order, however its object came to be. */
function factsOf(entry: Entry): readonly unknown[] {
  if (entry.type === "hardlink") return [entry.type, entry.path, entry.target];
  const { type, path, mode, uid, gid, mtimeSeconds, mtimeNanoseconds } = entry;
  const xattrs = Object.entries(entry.xattrs).sort(([name], [other]) => (name < other ? -1 : 1));
  const common = [type, path, mode, uid, gid, mtimeSeconds, mtimeNanoseconds, xattrs];
  if (entry.type === "symlink") return [...common, entry.target];
  if (entry.type === "file")
    return [...common, entry.size, entry.chunks.map(({ number, size, sha256 }) => [number, size, sha256])];
  return common;
}

import { badManifest, quoted } from "./bad-manifest.js";
import type { Draft, DraftEntry, DraftFile } from "./draft.js";
import { MOST_CHUNKS, MOST_CONTENT_BYTES, MOST_ENTRIES } from "./limits.js";
import { checkPath, checkSymlink, parentOf } from "./names.js";
import type { Entry } from "./types.js";
import { checkXattrs } from "./xattrs.js";

/**
 * Checks the tree of a draft: no entry lies outside of it or beneath anything but a directory, and no path comes twice.
 *
 * @throws {FusemeterError} `BAD_MANIFEST`
 */
export function checkTree({ entries, prefetch }: Draft): void {
  const known = new Map<string, Entry["type"]>();
  if (entries.length > MOST_ENTRIES) throw badManifest(`the tree has more than ${MOST_ENTRIES} entries`);
  for (const entry of entries) {
    checkPosition(entry, known);
    if (entry.type !== "hardlink") checkXattrs(entry.path, entry.xattrs);
    if (entry.type === "symlink") checkSymlink(entry.path, entry.target);
    known.set(entry.path, entry.type);
  }
  if (known.size === 0) throw badManifest("the tree has no root");
  checkContent(entries.filter((entry): entry is DraftFile => entry.type === "file"));
  for (const path of prefetch) {
    if (known.get(path) !== "file")
      throw badManifest(`the path ${quoted(path)} can't be loaded first`, "it is no file of the tree");
  }
}

function checkPosition(entry: DraftEntry, known: ReadonlyMap<string, Entry["type"]>): void {
  const { path, type } = entry;
  if (known.size === 0) {
    if (path === "" && type === "directory") return;
    throw badManifest("the tree does not begin with its root");
  }
  checkPath(path);
  if (known.has(path)) throw badManifest(`the path ${quoted(path)} comes twice`);
  const parent = parentOf(path);
  const above = known.get(parent);
  if (above === undefined) throw badManifest(`the path ${quoted(path)} comes before its directory`);
  if (above !== "directory") throw badManifest(`the path ${quoted(path)} lies beneath a ${above}`);
  if (type === "hardlink" && known.get(entry.target) !== "file") {
    throw badManifest(`the hard link ${quoted(path)} can't be used`, `${quoted(entry.target)} is no file before it`);
  }
}

function checkContent(files: readonly DraftFile[]): void {
  let [bytes, chunks] = [0, 0];
  for (const { path, size, chunks: own } of files) {
    const sum = own.reduce((total, chunk) => total + chunk.size, 0);
    if (sum !== size) throw badManifest(`the chunks of ${quoted(path)} have ${sum} bytes`, `its size is ${size} bytes`);
    bytes += size;
    chunks += own.length;
  }
  if (bytes > MOST_CONTENT_BYTES) throw badManifest(`the tree has more than ${MOST_CONTENT_BYTES / 2 ** 40} TiB of content`);
  if (chunks > MOST_CHUNKS) throw badManifest(`the tree has more than ${MOST_CHUNKS} chunks`, "larger chunks are fewer");
}

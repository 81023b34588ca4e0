import { type FileHandle, open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Trial } from "../../../results/index.js";

import { makeWorkspace } from "../../files/workspace.js";
import { mountAs, readsOf } from "./mounted.js";

const LENGTH = 8192;

/** The ways in which a write comes about: a descriptor of the mount, or the source behind its back. */
const writers = [
  { what: "by a descriptor opened for reading and writing", flags: "r+", through: "mount" },
  { what: "by one that appends", flags: "a", through: "mount" },
  { what: "by one that truncates", flags: "w", through: "mount" },
  { what: "through the source", flags: "r+", through: "source" },
] as const;

/**
 * Which opens of one inode pass through; the daemon serves the others beside them (FOPEN_DIRECT_IO). The first open must be one that
 * passes through: where it is the daemon's, all are. @see decideAccess
 */
const mixtures = [
  { what: "all in passthrough", first: "r", decision: '"passthrough"', hasDaemonReads: false },
  {
    what: "readers in passthrough, writers through the daemon",
    first: "r",
    decision: 'flags & 3 ? "daemon" : "passthrough"',
    // A descriptor for writing is read as well.
    hasDaemonReads: true,
  },
  {
    what: "writers in passthrough, readers through the daemon",
    first: "r+",
    decision: 'flags & 3 ? "passthrough" : "daemon"',
    hasDaemonReads: true,
  },
] as const;

async function bytesOf(handle: FileHandle): Promise<Buffer> {
  const buffer = Buffer.alloc(4 * LENGTH);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
  return buffer.subarray(0, bytesRead);
}

/**
 * Writes to a file of a passthrough mount in every way, and looks through every other descriptor of it: all of one mode, and modes
 * mixed by a policy. A trial for each mixture.
 *
 * @param directory where the trees are made, and removed after
 */
export async function perInodeStudy(directory: string, signal: AbortSignal): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const mixture of mixtures) trials.push(await tryMixture(mixture, directory, signal));
  return trials;
}

async function tryMixture(mixture: (typeof mixtures)[number], directory: string, signal: AbortSignal): Promise<Trial> {
  await using workspace = await makeWorkspace(directory);
  await writeFile(join(workspace.source, "file"), "");
  await writeFile(join(workspace.source, "..", "policy.mjs"), `export const decideOpen = ({ flags }) => ${mixture.decision};\n`);
  const words = "--policy {source}/../policy.mjs";
  await using mount = await mountAs("passthrough", words, workspace.source, workspace.mountpoint, signal);
  const unseen: string[] = [];
  for (const [index, writer] of writers.entries()) {
    const missed = await unseenBy(writer, mixture.first, String(index), join(workspace.source, "file"), join(mount.path, "file"));
    if (missed > 0) unseen.push(`a write ${writer.what} by ${missed}`);
  }
  const reads = readsOf(mount);
  // Proves that modes were mixed, or that they were not.
  const proof = reads === null ? "requests can't be counted" : `${reads} READ requests`;
  const agrees = unseen.length === 0 && (reads === null || reads > 0 === mixture.hasDaemonReads);
  const outcome =
    unseen.length === 0 ? `seen through all descriptors, written in ${writers.length} ways` : `not seen: ${unseen.join(", ")}`;
  return { what: mixture.what, works: agrees, reads, outcome: `${outcome} (${proof})` };
}

/** How many of the descriptors that are open, or opened after it, don't see a write. */
async function unseenBy(
  { flags, through }: (typeof writers)[number],
  first: string,
  fill: string,
  source: string,
  mounted: string,
): Promise<number> {
  await writeFile(source, Buffer.alloc(LENGTH, "old"));
  await using before = await open(mounted, first);
  await using beside = await open(mounted, first === "r" ? "r+" : "r");
  // What they see first is in every cache that there is.
  await Promise.all([bytesOf(before), bytesOf(beside)]);
  await using writer = await open(through === "mount" ? mounted : source, flags);
  await writer.write(Buffer.alloc(LENGTH, fill), 0, LENGTH, flags === "a" ? null : 0);
  await using after = await open(mounted, "r");
  const expected = await readFile(source);
  const seen = [await bytesOf(before), await bytesOf(beside), await bytesOf(after), await readFile(mounted)];
  return seen.filter((bytes) => !bytes.equals(expected)).length;
}

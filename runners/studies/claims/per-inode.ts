import { type FileHandle, open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Trial } from "../../../results/index.js";

import { makeWorkspace } from "../../files/workspace.js";
import { mountAs, readsOf } from "./mounted.js";

const LENGTH = 8192;

/** The ways of a write: by a descriptor of the mount, or by the source behind its back. */
const writers = [
  { what: "by a descriptor opened for reading and writing", flags: "r+", through: "mount" },
  { what: "by one that appends", flags: "a", through: "mount" },
  { what: "by one that truncates", flags: "w", through: "mount" },
  { what: "through the source", flags: "r+", through: "source" },
] as const;

/**
 * Mixtures of opens of one inode: some pass through, the daemon serves the others (FOPEN_DIRECT_IO). The first open must pass
 * through: after a first open by the daemon all are the daemon's. @see decideAccess
 */
const mixtures = [
  { what: "all in passthrough", first: "r", decision: '"passthrough"', hasDaemonReads: false },
  {
    what: "readers in passthrough, writers through the daemon",
    first: "r",
    decision: 'flags & 3 ? "daemon" : "passthrough"',
    // The study reads through descriptors for writing as well.
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
 * Writes to a file of a passthrough mount in every way, and reads it through every other descriptor: all of one mode, and modes
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
  const options = "--policy {source}/../policy.mjs";
  await using mount = await mountAs("passthrough", options, workspace.source, workspace.mountpoint, signal);
  const unseen: string[] = [];
  for (const [index, writer] of writers.entries()) {
    const missed = await unseenBy(writer, mixture.first, String(index), join(workspace.source, "file"), join(mount.path, "file"));
    if (missed > 0) unseen.push(`a write ${writer.what} by ${missed}`);
  }
  const reads = readsOf(mount);
  // READ requests prove the mixture: passthrough alone sends none.
  const proof = reads === null ? "requests can't be counted" : `${reads} READ requests`;
  const agrees = unseen.length === 0 && (reads === null || reads > 0 === mixture.hasDaemonReads);
  const outcome =
    unseen.length === 0 ? `seen through all descriptors, written in ${writers.length} ways` : `not seen: ${unseen.join(", ")}`;
  return { what: mixture.what, works: agrees, reads, outcome: `${outcome} (${proof})` };
}

/** The number of descriptors that don't see a write: of those open before it, and of those opened after it. */
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
  // This first read fills every cache.
  await Promise.all([bytesOf(before), bytesOf(beside)]);
  await using writer = await open(through === "mount" ? mounted : source, flags);
  await writer.write(Buffer.alloc(LENGTH, fill), 0, LENGTH, flags === "a" ? null : 0);
  await using after = await open(mounted, "r");
  const expected = await readFile(source);
  const seen = [await bytesOf(before), await bytesOf(beside), await bytesOf(after), await readFile(mounted)];
  return seen.filter((bytes) => !bytes.equals(expected)).length;
}

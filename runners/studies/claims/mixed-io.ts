import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Trial } from "../../../results/index.js";

import { makeWorkspace } from "../../files/workspace.js";
import { type FioJob, runFio } from "../../loads/fio/index.js";
import { mountAs } from "./mounted.js";

const FILE_BYTES = 1 << 20;
const ROUNDS = 12;

function job(path: string, rw: FioJob["rw"], ioBytes: number, rest: Partial<FioJob> = {}): FioJob {
  return { name: rw, filenames: [path], rw, blockSizeBytes: 64 * 1024, sizeBytes: FILE_BYTES, ioBytes, randomSeed: 1, ...rest };
}

/**
 * Writes a file by asynchronous direct I/O while others read it through the page cache. Then reads it through a descriptor that
 * was open all the while: an open would drop stale pages. After xfstests' generic/451.
 *
 * @returns the rounds that left stale data
 */
async function staleRounds(path: string, signal: AbortSignal): Promise<number> {
  await using observer = await open(path, "r");
  let stale = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    signal.throwIfAborted();
    const readers = new AbortController();
    const reading = [1, 2].map(() =>
      runFio(job(path, "read", 4096 * FILE_BYTES, { blockSizeBytes: 4096 }), { signal: readers.signal }).catch(() => null),
    );
    try {
      const direct = { direct: 1, iodepth: 16, buffer_pattern: `0x${round.toString(16).padStart(2, "0")}` };
      await runFio(job(path, "write", 8 * FILE_BYTES, { ioengine: "libaio", options: direct }), { signal });
      const found = Buffer.alloc(FILE_BYTES);
      await observer.read(found, 0, FILE_BYTES, 0);
      if (!found.equals(Buffer.alloc(FILE_BYTES, round))) stale++;
    } finally {
      readers.abort("done");
      await Promise.all(reading);
    }
  }
  return stale;
}

/** The same under plain FUSE and in passthrough. @param directory where the files are made, and removed after */
export async function mixedIoStudy(directory: string, signal: AbortSignal): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const name of ["fuse", "passthrough"] as const) {
    await using workspace = await makeWorkspace(directory);
    await writeFile(join(workspace.source, "file"), Buffer.alloc(FILE_BYTES));
    await using mount = await mountAs(name, "", workspace.source, workspace.mountpoint, signal);
    const stale = await staleRounds(join(mount.path, "file"), signal);
    trials.push({
      what: name === "fuse" ? "plain FUSE" : "passthrough",
      works: stale === 0,
      reads: null,
      outcome: stale === 0 ? `right in ${ROUNDS} rounds` : `stale data in ${stale} of ${ROUNDS} rounds`,
    });
  }
  return trials;
}

import { makeWarm } from "../files/caches.js";
import { type FioJob, runFio } from "../loads/fio/index.js";
import type { Unit } from "./unit.js";

const reads = 200_000;

/**
 * Reads of one byte in random pages of a warm file: the call and the search for the page, without the copy. And the same job with
 * fio's null engine, which does no I/O: the part of a latency that is fio's own.
 */
export function fioUnits(file: string, fileSizeBytes: number, randomSeed: number, signal: AbortSignal): Unit[] {
  const job: FioJob = {
    name: "calibrate",
    filenames: [file],
    rw: "randread",
    blockSizeBytes: 1,
    sizeBytes: fileSizeBytes,
    ioBytes: reads,
    randomSeed,
    // A map of every byte of the file would not fit into memory.
    options: { norandommap: 1 },
  };
  // Means, since fio takes percentiles from a histogram whose first classes are tens of ns wide.
  const meanNs = async (ioengine: string) => (await runFio({ ...job, ioengine }, { signal })).latencyNs.mean;
  return [
    { name: "loadGenerator", measure: () => meanNs("null") },
    {
      name: "readCall",
      async measure() {
        await makeWarm(file);
        return (await meanNs("psync")) - (await meanNs("null"));
      },
    },
  ];
}

import { median } from "simple-statistics";
import { nothing } from "../../../linux/libc/files.js";
import { Latencies } from "./latencies.js";
import type { SliceJob } from "./protocol.js";

const OPERATIONS = 2000;
const TURNS = 9;

/**
 * The reader's own cost of one operation, in ns: the loop, the call from JavaScript, the clock. It is the time of the same loop
 * around a C function that does nothing. Readers that run side by side share it.
 */
export function ownNsPerOperation({ readers, ioSizeBytes }: SliceJob): number {
  const latencies = new Latencies();
  const turn = () => {
    const started = performance.now();
    let ended = started;
    for (let done = 0; done < OPERATIONS; done++) {
      nothing(0, 0, ioSizeBytes, done * ioSizeBytes);
      const now = performance.now();
      latencies.add((now - ended) * 1e6);
      ended = now;
    }
    return ((ended - started) * 1e6) / OPERATIONS;
  };
  turn();
  return median(Array.from({ length: TURNS }, turn)) / readers;
}

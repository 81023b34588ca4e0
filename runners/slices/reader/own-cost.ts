import { median } from "simple-statistics";
import { nothing } from "../../../linux/libc/files.js";
import { Memory } from "../../../linux/libc/memory.js";
import { pageSizeBytes } from "../../../linux/libc/page-size.js";
import { usableCpus } from "../../../linux/proc/usable-cpus.js";
import { type BurstFigures, type BurstTarget, burst } from "./burst.js";
import { Latencies } from "./latencies.js";
import { atRandom } from "./offsets.js";
import type { Operation } from "./operation.js";

/** Enough for the clock, and so few that a turn is not longer for it. */
const OPERATIONS = 256;

/**
 * The reader's own cost of an operation: the loop, the call from JavaScript, the clock. It is the time of the same loop around a C
 * function that does nothing. It is taken in every turn, since it changes with the core's clock and with a neighbour as a read does.
 */
export class OwnCost {
  readonly #target: BurstTarget = { run: nothing as Operation, fd: 0, memory: new Memory(8), bytes: pageSizeBytes };
  readonly #offsets = atRandom({ blocks: OPERATIONS, stride: 1, readers: 1, reader: 0, ioSizeBytes: pageSizeBytes, seed: 1 });
  readonly #figures: BurstFigures = { latencies: new Latencies(), quartersNs: new Float64Array(2) };
  #ns: number[] = [];

  /** Takes it once more. */
  take(): void {
    this.#offsets.begin(OPERATIONS);
    this.#ns.push(burst(this.#target, this.#offsets, OPERATIONS, this.#figures) / OPERATIONS);
  }

  clear(): void {
    this.#ns = [];
  }

  /** The CPU time of one operation, in ns: the median of all turns; 0 of none. */
  get cpuNs(): number {
    return this.#ns.length === 0 ? 0 : median(this.#ns);
  }

  /** The wall time of one operation, in ns, of readers that run side by side on the cores that they may use. */
  wallNs(readers: number): number {
    return this.cpuNs / Math.min(readers, usableCpus().length);
  }
}

import { errnoName } from "../../../linux/libc/errno.js";
import { Memory } from "../../../linux/libc/memory.js";
import { Lane } from "./lane.js";
import type { Latencies } from "./latencies.js";
import type { Failure, SliceJob } from "./protocol.js";
import { sayUnderWay } from "./under-way.js";

/** The readers of a job: one, or several that read at once. Operations are those of all readers together. */
export interface Team {
  /** The reason why a contender's file can't be opened; null where it is open. */
  readonly failures: readonly Failure[];
  /** The most operations of one slice. */
  readonly most: number;
  /** Makes ready for a slice, its lead-in included. @returns true where blocks come again that were visited before */
  begin(contender: number, operations: number): boolean;
  /** Does operations untimed. @returns 0, or `-errno` */
  lead(contender: number, operations: number): number;
  /** Does operations and takes their time. @returns the ns from the first reader's start to the last one's end, or `-errno` */
  burst(contender: number, operations: number): number;
  /** Latencies of a contender since the last `clear`. */
  latencies(contender: number): Latencies;
  /** Time in the first and in the last quarter of a contender's bursts since the last `clear`, in ns. */
  quartersNs(contender: number): readonly [number, number];
  clear(): void;
  /** Takes a contender's mapped pages out of the page tables. */
  forget(contender: number): void;
  close(): void;
}

/** The words for an error of a contender's operations. */
export function failureOf(result: number): string {
  return errnoName(-result);
}

/** One reader. */
export function openAlone(job: SliceJob): Team {
  const memory = new Memory(job.ioSizeBytes);
  const opened = job.contenders.map((contender, index) => {
    sayUnderWay(index);
    return Lane.open(job, contender, 0, memory);
  });
  const lane = (contender: number) => opened[contender] as Lane;
  const lanes = opened.filter((one) => typeof one !== "number");
  return {
    failures: opened.map((one) => (typeof one === "number" ? `open: ${failureOf(one)}` : null)),
    most: lanes.length === 0 ? 0 : Math.min(...lanes.map(({ most }) => most)),
    begin: (contender, operations) => lane(contender).begin(operations),
    lead: (contender, operations) => lane(contender).lead(operations),
    burst: (contender, operations) => lane(contender).burst(operations),
    latencies: (contender) => lane(contender).latencies,
    quartersNs: (contender) => lane(contender).quartersNs,
    clear() {
      for (const one of lanes) one.clear();
    },
    forget: (contender) => lane(contender).forget(),
    close() {
      for (const one of lanes) one.close();
    },
  };
}

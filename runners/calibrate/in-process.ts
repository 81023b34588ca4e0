import { median } from "simple-statistics";
import { Bench, type FnOptions } from "tinybench";
import { hugeMemory, nativeLoop, Pages } from "../../linux/libc/native-loops.js";
import { pageSizeBytes } from "../../linux/libc/page-size.js";
import type { Unit } from "./unit.js";

/** The time of one side of a difference at a stretch, and the number of turns. */
const timeMs = 8;
const turns = 11;

/** The median time of a piece of work, in ns. A neighbour that takes the CPU away moves a mean, not a median. */
function medianNs(work: () => void, options: FnOptions = {}): number {
  const [task] = new Bench({ time: timeMs, warmupTime: timeMs / 4 }).add("work", work, options).runSync();
  const { result } = task!;
  if (result.state !== "completed") throw new Error(`the benchmark ended as ${result.state}`);
  return result.latency.p50 * 1e6;
}

/**
 * The additional time of one piece of work over another, in ns. They take turns, and the result is the median of the
 * differences: a neighbour that uses the memory for a tenth of a second falls on a few turns alone.
 */
function differenceNs(work: () => void, without: () => void, options: FnOptions = {}): number {
  return median(Array.from({ length: turns }, () => medianNs(work, options) - medianNs(without)));
}

/**
 * getppid(2), the shortest system call. It is called in a loop in C, and the same loop over a function that stays in user mode is
 * subtracted: the difference holds no call from JavaScript.
 */
function systemCall(): Unit {
  const calls = 2000;
  const [kernel, user] = [nativeLoop("getppid", calls), nativeLoop("getpagesize", calls)];
  return { name: "systemCall", measure: async () => differenceNs(kernel, user) / calls };
}

/** The first write to each page of anonymous memory, less the same writes to pages that are there. A MiB stays in L2. */
function userPageFault(): Unit {
  const bytes = 2 ** 20;
  const pages = new Pages(bytes);
  const write = () => pages.write();
  return {
    name: "userPageFault",
    measure: async () => differenceNs(write, write, { beforeEach: () => pages.drop() }) / (bytes / pageSizeBytes),
  };
}

/** Far more than the last-level cache gives to one core. */
const coldBytes = 2 ** 28;
const copies = 64;
const copyBytes = 4096;

/**
 * Copies of 4 KiB to one place, from one place or from places far apart, less copies of their first byte: the way to a place is
 * no part of the result.
 * `copyWithin` is C's memmove inside V8, with a few nanoseconds around it that the difference takes out.
 */
function copiedBytes(): Unit[] {
  let memory: Uint8Array | null = null;
  let place = 1;
  const copy = (bytes: number, isFar: boolean) => () => {
    for (let index = 0; index < copies; index++) {
      // A linear congruential generator: no block follows its neighbour, so that nothing is fetched in advance.
      place = (Math.imul(place, 1664525) + 1013904223) >>> 0;
      const from = isFar ? (1 + (place % (coldBytes / copyBytes - 1))) * copyBytes : copyBytes;
      memory!.copyWithin(0, from, from + bytes);
    }
  };
  const unit = (name: Unit["name"], isFar: boolean): Unit => ({
    name,
    async measure() {
      memory ??= hugeMemory(coldBytes);
      return differenceNs(copy(copyBytes, isFar), copy(1, isFar)) / copies / (copyBytes - 1);
    },
  });
  return [unit("copiedByteCached", false), unit("copiedByteUncached", true)];
}

/** The units that are measured inside this process. */
export function inProcessUnits(): Unit[] {
  return [systemCall(), userPageFault(), ...copiedBytes()];
}

import { shuffle } from "simple-statistics";
import { onlineCpus } from "../../linux/proc/cpu-list.js";
import { keepOn } from "../../linux/proc/thread-placement.js";
import type { Placement } from "../../results/index.js";

/** The two cores of a round: readers run on the first. On a host with one core both are the same. */
export type Cores = readonly [number, number];

/** Draws the cores of a round: one core may have the disk's interrupts, and another a neighbour. */
export function drawCores(random: () => number): Cores {
  const [first = 0, second = first] = shuffle(onlineCpus(), random);
  return [first, second];
}

/**
 * Puts a reader and the daemons on their cores.
 *
 * @returns disposing lets them run where they could before
 */
export function place(placement: Placement, [first, second]: Cores, reader: number, daemons: readonly number[]): Disposable {
  if (placement === "scheduler") return { [Symbol.dispose]() {} };
  const kept = [keepOn(first, [reader]), keepOn(placement === "one-core" ? first : second, daemons)];
  return {
    [Symbol.dispose]() {
      for (const one of kept) one[Symbol.dispose]();
    },
  };
}

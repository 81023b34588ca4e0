import { shuffle } from "simple-statistics";
import { FusemeterError, messageOf } from "../../errors.js";
import { siblingsOf } from "../../linux/proc/cpu-list.js";
import { type KeptProcesses, keepOn } from "../../linux/proc/thread-placement.js";
import { usableCpus } from "../../linux/proc/usable-cpus.js";
import type { Placement } from "../../results/index.js";

/** The CPUs of a round: readers run on the first. Null where this process may use one alone. */
export type Cores = readonly [number, number | null];

/**
 * Draws the CPUs of a round, of those that this process may use: one may have the disk's interrupts, and another a neighbour. The
 * second one shares no core with the first, where there is such a one.
 */
export function drawCores(random: () => number): Cores {
  const [first = 0, ...others] = shuffle(usableCpus(), random);
  const siblings = siblingsOf(first);
  return [first, others.find((cpu) => !siblings.includes(cpu)) ?? others[0] ?? null];
}

function daemonCpu(placement: Exclude<Placement, "scheduler">, [first, second]: Cores): number {
  if (placement === "one-core") return first;
  if (second !== null) return second;
  throw new FusemeterError({
    code: "ONE_CORE",
    fault: "host",
    problem: "reader and daemon can't run on two cores",
    reason: "this process may use one CPU",
    remedy: "leave two-cores out of --placements",
  });
}

/** A reader and daemons on their cores. Disposing lets them run where they could before. */
export interface Placed extends Disposable {
  /** The reason why a daemon could not be put on its core, by index; null where it is there. */
  readonly refused: readonly (string | null)[];
  /** The reason why the times of a daemon, by index, are not of this placement: it has left its core. Null where it has not. */
  leftBy(daemon: number): string | null;
}

const LEAVE_ALONE: KeptProcesses = { strays: () => [], [Symbol.dispose]() {} };

/**
 * Puts a reader and the daemons on their cores.
 *
 * @param daemons the processes of each
 * @throws {FusemeterError} `ONE_CORE`; `NOT_PLACED` where the reader can't be put on its core
 */
export function place(placement: Placement, cores: Cores, reader: number, daemons: readonly (readonly number[])[]): Placed {
  if (placement === "scheduler") return { refused: daemons.map(() => null), leftBy: () => null, [Symbol.dispose]() {} };
  const cpu = daemonCpu(placement, cores);
  const keptReader = keepOn(cores[0], [reader]);
  const kept = daemons.map((pids): KeptProcesses | string => {
    try {
      return pids.length === 0 ? LEAVE_ALONE : keepOn(cpu, pids);
    } catch (error) {
      return messageOf(error);
    }
  });
  return {
    refused: kept.map((one) => (typeof one === "string" ? one : null)),
    leftBy(daemon) {
      const one = kept[daemon]!;
      const strays = typeof one === "string" ? [] : one.strays();
      return strays.length === 0 ? null : `${strays.length} threads of the daemon have left CPU ${cpu}`;
    },
    [Symbol.dispose]() {
      for (const one of kept) if (typeof one !== "string") one[Symbol.dispose]();
      keptReader[Symbol.dispose]();
    },
  };
}

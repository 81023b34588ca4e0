import { Opcode } from "../../filesystem/protocol/index.js";

import type { Reading } from "./counter.js";
import { KernelThreads } from "./kernel-threads.js";
import type { CounterSet } from "./process-counters.js";
import { RoundTrips, type RoundTripTimes } from "./round-trips.js";
import { answerSizes, deviceReadSizes } from "./size-histogram.js";

/** What is seen of a load from outside of its processes. */
export interface LoadView {
  /** What the kernel's own threads did meanwhile, for whomever. */
  readonly kernelThreads: { readonly contextSwitches: number; readonly cpuSeconds: number } | null;
  /** FUSE's answers with data, and the device's reads, by class of size: by its upper bound in bytes. */
  readonly answersBySize: Readonly<Record<string, number>> | null;
  readonly deviceReadsBySize: Readonly<Record<string, number>> | null;
  /** Of every READ request. */
  readonly roundTrips: RoundTripTimes | null;
  /** Why a figure is missing. */
  readonly reasons: readonly string[];
}

/** Watches while one load runs: opened before it, read after it. */
export interface LoadWatch extends Disposable {
  read(): LoadView;
}

/**
 * @param connection the mount's; null where the load goes through none
 * @param device below the source tree
 */
export function watchLoad(
  set: CounterSet,
  connection: number | null,
  device: { readonly major: number; readonly minor: number },
): LoadWatch {
  const kernelThreads = new KernelThreads();
  const isCounted = set === "counted";
  const answers = isCounted && connection !== null ? answerSizes(connection) : null;
  const deviceReads = isCounted ? deviceReadSizes(device) : null;
  const roundTrips = isCounted && connection !== null ? new RoundTrips(connection, Opcode.READ) : null;
  return {
    read() {
      const reasons: string[] = [];
      const take = <Value>(what: string, reading: Reading<Value> | undefined): Value | null => {
        if (reading === undefined) return null;
        if ("value" in reading) return reading.value;
        reasons.push(`${what}: ${reading.unavailable}`);
        return null;
      };
      return {
        kernelThreads: kernelThreads.read(),
        answersBySize: take("sizes of answers", answers?.read()),
        deviceReadsBySize: take("sizes of device reads", deviceReads?.read()),
        roundTrips: take("times of requests", roundTrips?.read()),
        reasons,
      };
    },
    [Symbol.dispose]() {
      for (const opened of [answers, deviceReads, roundTrips]) opened?.[Symbol.dispose]();
    },
  };
}

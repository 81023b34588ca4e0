import { Opcode } from "../../filesystem/protocol/index.js";
import type { RunKind, SystemFigure, ValueOf } from "../../results/index.js";
import type { CacheWatch } from "../files/cached-bytes.js";
import type { Reading } from "./counter.js";
import { joulesBetween, readEnergy } from "./energy.js";
import { KernelThreads } from "./kernel-threads.js";
import type { RequestCounters } from "./request-counters.js";
import { RoundTrips } from "./round-trips.js";
import { answerSizes, deviceReadSizes } from "./size-histogram.js";
import { readDeviceReads, readIdleEntries, readSystemFigures, sinceDeviceReads } from "./system-counters.js";

/** The surroundings of a load's processes. */
export interface LoadTarget {
  readonly set: RunKind;
  /** The FUSE connection that the load goes through; null where it goes through none. */
  readonly connection: number | null;
  /** The block device below the source tree. */
  readonly device: { readonly major: number; readonly minor: number };
  /** The counters of the mount's requests; null where nothing is mounted. */
  readonly requests: RequestCounters | null;
  /** The caches of the file that is read. */
  readonly caches: CacheWatch;
}

/** A figure of the system over one load: opened before it, read after it. */
interface LoadReader<Value> {
  /** Null where there is nothing to read; unlike a figure that can't be had, that needs no word. */
  read(): Reading<Value> | null;
  [Symbol.dispose]?(): void;
}

type Open<Value> = (target: LoadTarget) => LoadReader<Value>;

/** The change of something that is read at both ends. */
function since<State, Value>(read: () => State, between: (before: State, after: State) => Value | null): LoadReader<Value> {
  const before = read();
  return {
    read() {
      const value = between(before, read());
      return value === null ? null : { value };
    },
  };
}

const minus = (before: number | null, after: number | null) => (before === null || after === null ? null : after - before);

/** Counts by name, those that did not change left out. */
export function minusEach(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>) {
  const differences = Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)] as const);
  return Object.fromEntries(differences.filter(([, count]) => count !== 0));
}

const NOTHING = { read: () => null };

function requestsSince({ requests }: LoadTarget): LoadReader<Record<string, number>> {
  if (requests === null) return NOTHING;
  const before = requests.read();
  return {
    read() {
      const after = requests.read();
      if (before.requests === null || after.requests === null) return { unavailable: after.reason ?? "not counted" };
      return { value: minusEach(before.requests, after.requests) };
    },
  };
}

/** The reader of each figure of the system. The registry's `runs` says when it is opened; the last is opened first and read last. */
export const loadReaders: { readonly [Key in SystemFigure]: Open<ValueOf<Key>> } = {
  systemContextSwitches: () => since(() => readSystemFigures().contextSwitches, minus),
  systemCpuSeconds: () => since(() => readSystemFigures().busySeconds, minus),
  idleEntries: () => since(readIdleEntries, minus),
  energyJoules: () => since(() => readEnergy(), joulesBetween),
  deviceReadBytes: ({ device }) => since(() => readDeviceReads(device)?.bytes ?? null, minus),
  deviceReads: ({ device }) => since(() => readDeviceReads(device), sinceDeviceReads),
  requests: requestsSince,
  cachedBytes: ({ caches }) => ({ read: () => ({ value: caches.read() }) }),
  answersBySize: ({ connection }) => (connection === null ? NOTHING : answerSizes(connection)),
  deviceReadsBySize: ({ device }) => deviceReadSizes(device),
  roundTrips: ({ connection }) => (connection === null ? NOTHING : new RoundTrips(connection, Opcode.READ)),
  kernelThreads() {
    const threads = new KernelThreads();
    return {
      read() {
        const value = threads.read();
        return value === null ? null : { value };
      },
    };
  },
};

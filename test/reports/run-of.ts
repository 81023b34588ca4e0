import { type BackendRecord, type Cell, type CountedSample, type Run, SCHEMA, type TimedSample } from "../../results/schema.js";

const startedAt = "2026-01-02T03:04:05.000Z";

/** A timed sample of 1000 reads with the given mean latency, from which its other figures follow. */
export function timed(block: number, meanUs: number, ioSizeBytes = 4096): TimedSample {
  const ios = 1000;
  const mean = meanUs * 1000;
  return {
    block,
    order: 0,
    startedAt,
    failure: null,
    warnings: [],
    figures: {
      seconds: (ios * mean) / 1e9,
      ios,
      bytes: ios * ioSizeBytes,
      latencyNs: { mean, p50: mean * 0.9, p95: mean * 1.5, p99: mean * 2, p999: mean * 3, max: mean * 9 },
      countedIos: ios - 1,
      contextSwitches: { application: 0, daemon: 0, system: 100 },
      requests: null,
      idleEntries: null,
      cpuSeconds: { application: 0.001998, daemon: null, system: 0.01 },
      energyJoules: null,
      kernelThreads: null,
      deviceReadBytes: 0,
      deviceReads: null,
    },
  };
}

const notCounted = { application: null, daemon: null };
const notCountedAtAll = {
  voluntarySwitches: notCounted,
  switchesToIdle: notCounted,
  migrations: notCounted,
  interrupts: notCounted,
  answersBySize: null,
  deviceReadsBySize: null,
};

/** Counts of 1000 reads. */
export interface Counts {
  readonly daemonCalls?: Readonly<Record<string, number>> | null;
  readonly applicationFaults?: number;
  readonly switches?: readonly [application: number, daemon: number | null];
  readonly reads?: number | null;
}

export function counted(
  block: number,
  { daemonCalls = null, applicationFaults = 0, switches = [0, null], reads = null }: Counts,
  ios = 1000,
): CountedSample {
  const zero = { application: 0, daemon: 0 };
  return {
    block,
    order: 0,
    startedAt,
    failure: null,
    warnings: [],
    figures: {
      ios,
      transitions: {
        application: { syscalls: ios, userPageFaults: applicationFaults },
        daemon:
          daemonCalls === null ? null : { syscalls: Object.values(daemonCalls).reduce((a, b) => a + b, 0), userPageFaults: 0 },
      },
      contextSwitches: { application: switches[0], daemon: switches[1], system: null },
      ...notCountedAtAll,
      roundTrips: null,
      kernelThreads: null,
      applicationSyscallsByName: { pread64: ios },
      daemonSyscallsByName: daemonCalls,
      requests: reads === null ? null : { READ: reads },
      subtracted: {
        ios: 1,
        syscalls: zero,
        userPageFaults: zero,
        contextSwitches: zero,
        cpuSeconds: zero,
        ...notCountedAtAll,
        applicationSyscallsByName: null,
        daemonSyscallsByName: null,
        requests: null,
        idleEntries: null,
      },
    },
  };
}

export function failed<Sample extends TimedSample | CountedSample>(sample: Sample, failure: string): Sample {
  return { ...sample, failure, figures: null };
}

export function cellOf(backend: string, rest: Partial<Cell>): Cell {
  return {
    backend,
    workload: "rnd-rd-1th-1f",
    ioSizeBytes: 4096,
    cache: "warm",
    readaheadKiB: 128,
    deviceReadaheadKiB: 8192,
    medium: "disk",
    samples: [],
    counts: [],
    ...rest,
  };
}

const kinds: Readonly<Record<string, BackendRecord["kind"]>> = {
  native: "native",
  "native-again": "native",
  fuse: "fuse",
  passthrough: "passthrough",
};

export function runOf(cells: readonly Cell[], rest: Partial<Run> = {}): Run {
  const names = [...new Set(cells.map(({ backend }) => backend))];
  const commandOf = (name: string) => (kinds[name] === "native" ? null : `${name} {source} {mountpoint}`);
  return {
    schema: SCHEMA,
    id: "20260102-030405",
    startedAt,
    profile: "quick",
    seed: 7,
    complete: true,
    request: {
      backends: names.map((name) => ({ name, command: commandOf(name) })),
      workloads: [...new Set(cells.map(({ workload }) => workload))],
      ioSizesBytes: [...new Set(cells.map(({ ioSizeBytes }) => ioSizeBytes))],
      caches: [...new Set(cells.map(({ cache }) => cache))],
      blocks: 3,
      countedBlocks: 1,
      fileSizeBytes: 1024 ** 3,
      directory: "/srv/data",
    },
    host: {
      kernel: "6.18.0",
      cpu: "Example CPU 3000",
      cores: 2,
      memoryBytes: 4 * 1024 ** 3,
      virtualization: "kvm",
      filesystem: "ext4",
      device: "/dev/vda1",
      fioVersion: "fio-3.39",
      nodeVersion: "v20.20.2",
      fuse: { abi: "7.45", passthrough: true, ioUring: false },
      fingerprint: "0123456789abcdef",
    },
    backends: names.map((name) => ({ name, kind: kinds[name] ?? "command", command: commandOf(name), unavailable: null })),
    cells: [...cells],
    calibration: null,
    ...rest,
  };
}

import {
  type BackendRecord,
  type BackendRole,
  type Cell,
  type CountedFigures,
  type CountedSample,
  type Counts,
  type FigureKey,
  type Figures,
  figureKeys,
  parties,
  type Run,
  rowOf,
  SCHEMA,
  startupFigures,
  type TimedFigures,
  type TimedSample,
} from "../../results/index.js";

const startedAt = "2026-01-02T03:04:05.000Z";

/** Every figure of the registry, not known. */
function unknownFigures(): Figures {
  const unknown = (key: FigureKey) =>
    rowOf(key).of === "party" ? Object.fromEntries(parties.map((party) => [party, null])) : null;
  return Object.fromEntries(figureKeys.map((key) => [key, unknown(key)])) as unknown as Figures;
}

type Good<Sample> = Extract<Sample, { ok: true }>;

/** A timed sample of 1000 reads with the given mean latency; everything else follows from it. */
export function timed(block: number, meanUs: number, ioSizeBytes = 4096, change: Partial<TimedFigures> = {}): Good<TimedSample> {
  const operations = 1000;
  const mean = meanUs * 1000;
  const figures: TimedFigures = {
    ...unknownFigures(),
    seconds: (operations * mean) / 1e9,
    operations,
    bytes: operations * ioSizeBytes,
    latencyNs: { mean, p50: mean * 0.9, p95: mean * 1.5, p99: mean * 2, p999: mean * 3, max: mean * 9 },
    countedOperations: operations - 1,
    contextSwitches: { application: 0, daemon: 0 },
    systemContextSwitches: 100,
    cpuSeconds: { application: 0.001998, daemon: null },
    systemCpuSeconds: 0.01,
    deviceReadBytes: 0,
    ...change,
  };
  return { block, order: 0, startedAt, warnings: [], ok: true, figures };
}

/** Counts of 1000 reads. */
export interface CountedCosts {
  readonly daemonCalls?: Readonly<Record<string, number>> | null;
  readonly applicationFaults?: number;
  readonly switches?: readonly [application: number, daemon: number | null];
  readonly reads?: number | null;
}

/** The counts of a job, not known but for these. */
export function countsWith(known: Partial<Counts>): Counts {
  const unknown = unknownFigures();
  const counts = Object.fromEntries(startupFigures.map((key) => [key, unknown[key]])) as Omit<Counts, "operations">;
  return { ...counts, operations: 1, ...known };
}

/** The startup overhead of a job: nothing, as far as it is known. */
function startupOverhead(): Counts {
  const zero = { application: 0, daemon: 0 };
  return countsWith({ syscalls: zero, userPageFaults: zero, contextSwitches: zero, cpuSeconds: zero });
}

export function counted(
  block: number,
  { daemonCalls = null, applicationFaults = 0, switches = [0, null], reads = null }: CountedCosts,
  operations = 1000,
  change: Partial<CountedFigures> = {},
): Good<CountedSample> {
  const calls = daemonCalls === null ? null : Object.values(daemonCalls).reduce((a, b) => a + b, 0);
  const figures: CountedFigures = {
    ...unknownFigures(),
    operations,
    syscalls: { application: operations, daemon: calls },
    userPageFaults: { application: applicationFaults, daemon: calls === null ? null : 0 },
    contextSwitches: { application: switches[0], daemon: switches[1] },
    syscallsByName: { application: { pread64: operations }, daemon: daemonCalls },
    requests: reads === null ? null : { READ: reads },
    startup: startupOverhead(),
    ...change,
  };
  return { block, order: 0, startedAt, warnings: [], ok: true, figures };
}

/** The figures of a sample that must have succeeded. */
export function figuresOf<Sample extends TimedSample | CountedSample>(sample: Sample): Good<Sample>["figures"] {
  if (!sample.ok) throw new Error(sample.failure);
  return sample.figures;
}

export function failed({ block, order, startedAt }: TimedSample | CountedSample, failure: string): TimedSample & CountedSample {
  return { block, order, startedAt, warnings: [], ok: false, failure };
}

const kinds: Readonly<Record<string, BackendRecord["kind"]>> = {
  native: "native",
  "native-again": "native",
  fuse: "fuse",
  passthrough: "passthrough",
};

const roles: Readonly<Record<string, BackendRole>> = { native: "reference", "native-again": "reference again" };

export function cellOf(backend: string, rest: Partial<Omit<Cell, "readahead">> & Pick<Cell, "readahead">): Cell {
  return {
    backend,
    kind: kinds[backend] ?? "command",
    role: roles[backend] ?? "contender",
    ownsReadahead: backend === "daemon-readahead",
    workload: "rnd-rd-1th-1f",
    ioSizeBytes: 4096,
    cache: "warm",
    readaheadKiB: 128,
    deviceReadaheadKiB: 8192,
    medium: "disk",
    samples: [],
    slices: [],
    counts: [],
    ...rest,
  };
}

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

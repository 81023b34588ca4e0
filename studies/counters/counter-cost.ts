import { join, resolve } from "node:path";
import { connectionAt } from "../../linux/mounts/mountinfo.js";
import { onlineCpus } from "../../linux/proc/cpu-list.js";
import { argvOf, builtInBackend, mountDaemon } from "../../runners/backends/index.js";
import { attachCounters, type CounterSet, countRequests } from "../../runners/counters/index.js";
import { makeTestFile, makeWarm, makeWorkspace, type Workspace } from "../../runners/files/index.js";
import { type FioResult, runFio } from "../../runners/loads/index.js";

import type { Variant } from "./interleave.js";

/**
 * Figures of one read, in ns. Throughput follows from the mean latency. The CPU time of the load, by getrusage(2), excludes the
 * time in which a neighbour had the CPU: it says more on a busy machine.
 */
type CostFigure = "latency" | "cpu";

/**
 * 4 KiB random reads of a warm file. Native ones are the fastest I/O that there is: the cost of a counter shows most there.
 * Through the daemon at most one block in 16 is read, and none twice: each read becomes one request.
 */
const loads = {
  native: { fileBytes: 256 * 2 ** 20, reads: 2 ** 18 },
  fuse: { fileBytes: 512 * 2 ** 20, reads: 2 ** 13 },
} as const;

export type BenchBackend = keyof typeof loads;

/**
 * The CPU of reader and daemon. On two cores they wake each other at ten times the price of a switch, and the scheduler's placement
 * differs from run to run by more than any counter costs. On one core a read is fastest: the cost of a counter shows most there.
 */
const fuseCpu = onlineCpus()[0]!;

/** A warm file and the variants that read it: without counters, once more without, and with each set. */
export interface CounterCost extends AsyncDisposable {
  readonly variants: readonly Variant<CostFigure>[];
}

/** @param directory the test file's directory */
export async function counterCost(
  directory: string,
  backend: BenchBackend,
  randomSeed: number,
  signal: AbortSignal,
): Promise<CounterCost> {
  const workspace = await makeWorkspace(resolve(directory));
  const file = join(workspace.source, "data");
  const { fileBytes, reads } = loads[backend];
  await makeTestFile(file, fileBytes);

  const read = (path: string, set: CounterSet | null, opened: Disposable[]) =>
    runFio(
      {
        name: "bench",
        filenames: [path],
        rw: "randread",
        blockSizeBytes: 4096,
        sizeBytes: fileBytes,
        ioBytes: reads * 4096,
        randomSeed,
        ...(backend === "fuse" && { options: { cpus_allowed: fuseCpu } }),
      },
      {
        signal,
        beforeExec(pid) {
          // As in a run: fio's own figures are taken where the load waits for a daemon.
          const none = set === null || (set === "timed" && backend === "fuse");
          if (!none) opened.push(attachCounters(pid, set, "children"));
        },
      },
    );
  const variant = (name: string, set: CounterSet | null): Variant<CostFigure> => ({
    name,
    async run() {
      await makeWarm(file);
      const opened: Disposable[] = [];
      const load = (path: string) => read(path, set, opened);
      try {
        const { ios, latencyNs, cpuSeconds } = await (backend === "native"
          ? load(file)
          : throughDaemon(workspace, set, load, signal));
        return { latency: latencyNs.mean, cpu: ((cpuSeconds.user + cpuSeconds.system) * 1e9) / ios };
      } finally {
        for (const counters of opened) counters[Symbol.dispose]();
      }
    },
  });
  return {
    variants: [
      variant("no counters", null),
      variant("no counters, again", null),
      variant("timed set", "timed"),
      variant("counted set", "counted"),
    ],
    [Symbol.asyncDispose]: () => workspace[Symbol.asyncDispose](),
  };
}

/** The daemon's workers then wait for requests. */
const QUIET_MS = 200;

/** Runs a load on a fresh mount. A set of counters is attached to the daemon and to its requests. */
async function throughDaemon(
  { source, mountpoint }: Workspace,
  set: CounterSet | null,
  load: (path: string) => Promise<FioResult>,
  signal: AbortSignal,
): Promise<FioResult> {
  await using _daemon = await mountDaemon({
    name: "fuse",
    argv: ["taskset", "-c", `${fuseCpu}`, ...argvOf(builtInBackend("fuse"), source, mountpoint)],
    mountpoint,
    attach: (pid) => (set === null ? null : attachCounters(pid, set)),
    quietMs: QUIET_MS,
    signal,
  });
  using _requests = set === null ? null : countRequests(connectionAt(mountpoint)!, set);
  return await load(join(mountpoint, "data"));
}

import { onlineCpus } from "../../linux/proc/cpu-list.js";
import { AS_FOUND, type RoundTrip, type RunKind } from "../../results/index.js";
import { type Load, loadOf, workloadOf } from "../../workloads/index.js";

import { type Backend, zerosBackend } from "../backends/backend.js";
import { offerRings } from "../backends/rings.js";
import type { Workspace } from "../files/workspace.js";
import { fioLoad } from "../loads/fio-load.js";
import type { RunnableLoad } from "../loads/runnable-load.js";
import { minus } from "../run/counts.js";
import { countsOf, measure } from "../run/measure.js";
import type { Unit } from "./unit.js";

export interface RoundTripSetting {
  readonly workspace: Workspace;
  readonly randomSeed: number;
  readonly signal: AbortSignal;
}

/** The mount's file is endless; the load is that of the quick profile. */
const reads: Load = loadOf(workloadOf("rnd-rd-1th-1f"), 4096, 2 ** 30);

/** A unit, with the counts of one round trip. */
export interface RoundTripUnit extends Unit {
  readonly count: () => Promise<RoundTrip>;
}

/** A backend whose daemon is kept on one CPU, except for threads that bind themselves to another. */
function onCpu(backend: Backend, cpu: number): Backend {
  return { ...backend, command: `taskset -c ${cpu} ${backend.command}` };
}

/**
 * 4 KiB read at random through a FUSE daemon that has its answer ready: the same load generator, the same loop of the daemon.
 * Both are kept on one CPU: the scheduler's placement differs from run to run, and a handoff to an idle CPU can cost more than
 * all the rest. The model adds that cost for the handoffs that had it.
 */
export function roundTripUnits({ randomSeed, ...setting }: RoundTripSetting): RoundTripUnit[] {
  const unit = (name: RoundTripUnit["name"], transport: "device" | "io-uring"): RoundTripUnit => {
    const [cpu = 0] = onlineCpus();
    const backend = onCpu(zerosBackend(transport), cpu);
    const load = fioLoad(reads, { cache: "warm", readahead: AS_FOUND, randomSeed, cpu });
    const take = async (load: RunnableLoad, counters: RunKind) => {
      using _rings = backend.needsRings ? offerRings() : null;
      return await measure({ ...setting, backend, load, cache: "warm", counters, onFraction: () => {} });
    };
    return {
      name,
      measure: async () => (await take(load, "timed")).outcome.latencyNs.mean,
      async count() {
        const beyondStartup = async (counters: RunKind) => {
          const startup = countsOf(await take(load.startup!, counters));
          return minus(countsOf(await take(load, counters)), startup).counts;
        };
        const { operations, syscalls } = await beyondStartup("counted");
        const { contextSwitches, cpuSeconds } = await beyondStartup("timed");
        const perRead = (count: number | null) => (count === null ? null : count / operations);
        const cpuNs = (seconds: number | null) => (seconds === null ? null : (seconds * 1e9) / operations);
        return {
          name,
          applicationSyscalls: perRead(syscalls.application),
          daemonSyscalls: perRead(syscalls.daemon),
          applicationSwitches: perRead(contextSwitches.application),
          daemonSwitches: perRead(contextSwitches.daemon),
          applicationCpuNs: cpuNs(cpuSeconds.application),
          daemonCpuNs: cpuNs(cpuSeconds.daemon),
        };
      },
    };
  };
  return [unit("roundTripDevice", "device"), unit("roundTripIoUring", "io-uring")];
}

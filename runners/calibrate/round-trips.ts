import { onlineCpus } from "../../linux/proc/cpu-list.js";
import type { RoundTrip, RunKind } from "../../results/index.js";
import { type Load, loadOf, startupLoadOf, workloadOf } from "../../workloads/index.js";

import { type Backend, zerosBackend } from "../backends/backend.js";
import { offerRings } from "../backends/rings.js";
import type { Workspace } from "../files/workspace.js";
import { minus } from "../run/counts.js";
import { countsOf, measure } from "../run/measure.js";
import type { Unit } from "./unit.js";

export interface RoundTripSetting {
  readonly workspace: Workspace;
  readonly randomSeed: number;
  readonly signal: AbortSignal;
}

/** The mount's file is endless; the load is that of the quick profile. */
const load: Load = loadOf(workloadOf("rnd-rd-1th-1f"), 4096, 2 ** 30);

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
export function roundTripUnits(setting: RoundTripSetting): RoundTripUnit[] {
  const unit = (name: RoundTripUnit["name"], transport: "device" | "io-uring"): RoundTripUnit => {
    const [cpu = 0] = onlineCpus();
    const backend = onCpu(zerosBackend(transport), cpu);
    const take = async (load: Load, counters: RunKind) => {
      using _rings = backend.needsRings ? offerRings() : null;
      return await measure({ ...setting, backend, load, cpu, cache: "warm", counters, onFraction: () => {} });
    };
    return {
      name,
      measure: async () => (await take(load, "timed")).latencyNs.mean,
      async count() {
        const beyondStartup = async (counters: RunKind) => {
          const startup = countsOf(await take(startupLoadOf(load), counters));
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

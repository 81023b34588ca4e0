import { median } from "simple-statistics";
import type { Cell } from "../../results/index.js";
import { type Count, countOf, systemCount } from "../figures/count.js";
import { countedSeries, timedSeries } from "../figures/per-operation.js";
import type { InBlock } from "../figures/statistics.js";

/** How one I/O passes the CPU on. */
export interface HandOvers {
  /** By the application, when it waits for the daemon or a device; and by the daemon, when it has answered. */
  readonly application: number;
  readonly daemon: number;
  /** Which part of both went to a core that had gone idle and had to be woken, 0 to 1. */
  readonly toIdleCore: number;
  /** Workers that were woken for a request which another took meanwhile: nobody waits for them. On the same core, and on an idle one. */
  readonly vainSameCore: number;
  readonly vainIdleCore: number;
}

/**
 * A daemon answers a request and waits: one switch. What it switches more is workers woken in vain: the kernel wakes one that
 * waits for every request (fuse_dev_wake_and_unlock, fs/fuse/dev.c), and one that comes back from its answer may be there sooner.
 *
 * @param idleEntries as often as a core goes idle, it is woken again
 */
export function handOvers(application: number, daemon: number, requests: number, idleEntries: number): HandOvers {
  const vain = Math.max(0, daemon - requests);
  const vainIdleCore = Math.min(vain, idleEntries);
  const waitedFor = application + daemon - vain;
  return {
    application,
    daemon: daemon - vain,
    toIdleCore: waitedFor === 0 ? 0 : Math.min(1, (idleEntries - vainIdleCore) / waitedFor),
    vainSameCore: vain - vainIdleCore,
    vainIdleCore,
  };
}

const middle = (series: readonly InBlock[]) => (series.length === 0 ? null : median(series.map(({ value }) => value)));

/**
 * The hand-overs of the timed samples, whose time is to be explained: where the scheduler puts two tasks that wait for each other
 * differs from run to run, so those of a counted run would be another run's. Null where they were not counted.
 */
export function handOversOf(cell: Cell, requests: number): HandOvers | null {
  const timed = (count: Count) => middle(timedSeries(cell, count));
  const application = timed(countOf("contextSwitches", "application"));
  const daemon = requests > 0 ? timed(countOf("contextSwitches", "daemon")) : 0;
  if (application === null || daemon === null) return null;
  // Where the host keeps no count of idle cores: switches to the idle task, of a counted run.
  const idleEntries = timed(systemCount("idleEntries")) ?? middle(countedSeries(cell, countOf("switchesToIdle", "both")));
  return idleEntries === null ? null : handOvers(application, daemon, requests, idleEntries);
}

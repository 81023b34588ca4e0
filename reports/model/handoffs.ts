import { median } from "simple-statistics";
import type { Cell } from "../../results/index.js";
import { type Count, countOf, systemCount } from "../figures/count.js";
import { countedSeries, timedSeries } from "../figures/per-operation.js";
import type { InBlock } from "../figures/statistics.js";

/** The handoffs of one I/O. */
export interface Handoffs {
  /** Handoffs of the application, which waits for the daemon or a device, and of the daemon, which has answered. */
  readonly application: number;
  readonly daemon: number;
  /** The part of both that went to an idle core, which had to be woken: 0 to 1. */
  readonly toIdleCore: number;
  /** Workers woken for a request that another worker took meanwhile, on the same core and on an idle one. Nobody waits for them. */
  readonly vainSameCore: number;
  readonly vainIdleCore: number;
}

/**
 * Splits the switches of one I/O into handoffs and wake-ups in vain. A daemon answers a request and waits: one switch. Its other
 * switches are workers woken in vain: the kernel wakes a waiting worker for every request (fuse_dev_wake_and_unlock,
 * fs/fuse/dev.c), and a worker that comes back from its answer may take the request sooner.
 *
 * @param idleEntries a core that goes idle is woken again as often
 */
export function handoffs(application: number, daemon: number, requests: number, idleEntries: number): Handoffs {
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
 * The handoffs of the timed samples, whose time is to be explained. The scheduler places two tasks that wait for each other anew in
 * each run, so the handoffs of a counted run would be another run's. Null where they were not counted.
 */
export function handoffsOf(cell: Cell, requests: number): Handoffs | null {
  const timed = (count: Count) => middle(timedSeries(cell, count));
  const application = timed(countOf("contextSwitches", "application"));
  const daemon = requests > 0 ? timed(countOf("contextSwitches", "daemon")) : 0;
  if (application === null || daemon === null) return null;
  // A host without a count of idle cores: the switches to the idle task of a counted run.
  const idleEntries = timed(systemCount("idleEntries")) ?? middle(countedSeries(cell, countOf("switchesToIdle", "both")));
  return idleEntries === null ? null : handoffs(application, daemon, requests, idleEntries);
}

import { median } from "simple-statistics";
import type { Cell } from "../../results/index.js";

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

type Timed = NonNullable<Cell["samples"][number]["figures"]>;

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

/**
 * The hand-overs of the timed samples, whose time is to be explained: where the scheduler puts two tasks that wait for each other
 * differs from run to run, so those of a counted run would be another run's. Null where they were not counted.
 */
export function handOversOf({ samples, counts }: Cell, requests: number): HandOvers | null {
  const timed = samples.flatMap(({ figures }) => (figures === null || figures.countedIos === 0 ? [] : [figures]));
  const perIo = (pick: (figures: Timed) => number | null) => {
    const values = timed.flatMap((figures) => {
      const count = pick(figures);
      return count === null ? [] : [count / figures.countedIos];
    });
    return values.length === 0 ? null : median(values);
  };
  const application = perIo(({ contextSwitches }) => contextSwitches.application);
  const daemon = requests > 0 ? perIo(({ contextSwitches }) => contextSwitches.daemon) : 0;
  if (application === null || daemon === null) return null;
  const idleEntries = perIo((figures) => figures.idleEntries) ?? countedIdle(counts);
  return idleEntries === null ? null : handOvers(application, daemon, requests, idleEntries);
}

/** Where the host keeps no count of idle cores: switches to the idle task, of a counted run. */
function countedIdle(counts: Cell["counts"]): number | null {
  const [figures] = counts.flatMap(({ figures }) => figures ?? []);
  const application = figures?.switchesToIdle.application ?? null;
  return application === null ? null : (application + (figures?.switchesToIdle.daemon ?? 0)) / figures!.ios;
}

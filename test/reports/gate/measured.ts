import { type Decision, decide } from "../../../reports/gate/decision.js";
import { entryOf } from "../../../reports/gate/entry.js";
import { comparedWithBaseline, type Use } from "../../../reports/gate/with-baseline.js";
import type { Run } from "../../../results/index.js";
import { cellOf, counted, runOf, timed } from "../run-of.js";

/** The differences of a run from the usual one. */
export interface Changes {
  readonly calls?: number;
  readonly reads?: number;
  /** User page faults of the daemon for each read. */
  readonly faults?: number;
  readonly latencyFactor?: number;
  readonly nativeFactor?: number;
  readonly left?: number;
  readonly blocks?: number;
  readonly counts?: number;
}

/** A factor near 1 that differs from block to block and from cell to cell. */
export const noise = (block: number, cell: number) => 1 + 0.01 * Math.sin(block * 2.4 + cell);

/** A run of native, native-again and a daemon named `mine`. */
export function measured({
  calls = 3,
  reads = 1,
  faults = 0.01,
  latencyFactor = 1,
  nativeFactor = 1,
  left = 0,
  blocks = 20,
  counts = 2,
}: Changes = {}): Run {
  const series = (meanUs: number, cell: number) =>
    Array.from({ length: blocks }, (_, block) => {
      const daemon = cell === 2 ? 0.01 * latencyFactor * noise(block, 5) : null;
      const cpuSeconds = { application: 0.002, daemon };
      return timed(block, meanUs * noise(block, cell), 4096, { cpuSeconds, systemCpuSeconds: 0.1 + (daemon ?? 0) });
    });
  const daemonCalls = { read: 1000 * calls };
  const run = runOf(
    [
      cellOf("native", { samples: series(nativeFactor, 0), counts: [counted(0, {})] }),
      cellOf("native-again", { samples: series(nativeFactor, 1), counts: [counted(0, {})] }),
      cellOf("mine", {
        samples: series(20 * latencyFactor, 2),
        counts: Array.from({ length: counts }, (_, block) =>
          counted(block, { daemonCalls, switches: [1000, 1000], reads: 1000 * reads }, 1000, {
            userPageFaults: { application: 0, daemon: 1000 * faults },
          }),
        ),
      }),
    ],
    {},
  );
  const tries = Array.from({ length: counts }, () => ({ opens: 200, left }));
  return {
    ...run,
    request: { ...run.request, blocks },
    backends: run.backends.map((record) => (record.name === "mine" ? { ...record, descriptorsLeft: tries } : record)),
  };
}

/** The rules of most tests: counts and times, and 5 percent. */
export const rules = { kinds: new Set(["counts", "times"] as const), leastRatio: 1.05 };

/** The usual run as a baseline keeps it. */
export const entry = entryOf(measured(), new Date(0));

/** The decision on a run against the usual one. */
export function against(run: Run, use: Use = "counts and times"): Decision {
  return decide(comparedWithBaseline(run, entry, use, 10), rules);
}

/** The ids of the rows that are worse. */
export const worse = ({ rows }: Decision) => rows.filter(({ verdict }) => verdict === "worse").map(({ metric }) => metric.id);

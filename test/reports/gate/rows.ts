import type { Decision } from "../../../reports/gate/decision.js";
import type { DecisionRow } from "../../../reports/gate/decision-row.js";
import { DAEMON_SYSTEM_CALLS, DESCRIPTORS_LEFT, SUCCESS, timeMetrics } from "../../../reports/gate/metrics.js";

const place = "rnd-rd-1th-1f 4 KiB warm";

/** A count that has grown beyond its tolerance, in two counted runs. */
export function countRow(change: Partial<DecisionRow> = {}): DecisionRow {
  return {
    backend: "mine",
    place,
    metric: DAEMON_SYSTEM_CALLS,
    unit: "per I/O",
    before: 3,
    now: 4,
    interval: { low: 4, high: 4.01 },
    n: "2+2",
    p: null,
    canBeRepeated: true,
    allowed: 0.06,
    time: null,
    verdict: "worse",
    reason: null,
    ...change,
  };
}

/** A latency that is 10 percent longer, in 20 blocks. */
export function timeRow(change: Partial<DecisionRow> = {}): DecisionRow {
  const interval = { low: 1.08, high: 1.13 };
  return countRow({
    metric: timeMetrics[0]!,
    unit: "us",
    before: 20,
    now: 22,
    interval,
    n: "20",
    p: 0.0004,
    allowed: 1.05,
    time: {
      change: { ratio: 1.1, ...interval, p: 0.0001, pFaster: 1, blocks: 20, n: "20" },
      ratios: [1.1, 1.11],
      freshRatio: 1.09,
      knownDifference: 1,
      obstacle: null,
    },
    ...change,
  });
}

/** A cell that gives no sample any more. */
export function successRow(change: Partial<DecisionRow> = {}): DecisionRow {
  return countRow({
    metric: SUCCESS,
    unit: "",
    before: null,
    now: 0,
    interval: null,
    n: "3",
    allowed: 0,
    reason: "it broke",
    ...change,
  });
}

/** Descriptors that opens leave, as before. */
export function descriptorRow(change: Partial<DecisionRow> = {}): DecisionRow {
  return countRow({
    metric: DESCRIPTORS_LEFT,
    place: "open and close",
    unit: "",
    before: 0,
    now: 0,
    interval: { low: 0, high: 0 },
    allowed: 0.05,
    verdict: "same",
    ...change,
  });
}

export function decisionOf(rows: readonly DecisionRow[], change: Partial<Decision> = {}): Decision {
  return { rows, verdict: "regression", notes: ["compared with something"], plannedRounds: 7, ...change };
}

import type { PlacedSlices, Placement, SliceRound } from "../../results/index.js";

const frame = { mountOrder: 0, startedAt: "2026-01-02T03:04:05.000Z" };

/** A round whose turns took the given times of an operation in ns; CPU time is half of it. */
export function takenRound(round: number, nsPerOperation: readonly (number | null)[]): SliceRound {
  return {
    ...frame,
    round,
    ok: true,
    operations: 200,
    nsPerOperation: [...nsPerOperation],
    cpuNsPerOperation: nsPerOperation.map((ns) => (ns === null ? null : ns / 2)),
    ownNsPerOperation: 20,
    latencyNs: { p50: 1000, p99: 2000 },
    readsPerOperation: null,
  };
}

export function failedRound(round: number, failure: string): SliceRound {
  return { ...frame, round, ok: false, failure };
}

/** Rounds of three turns each, with the given times of an operation in ns, round by round. */
export function slicesOf(placement: Placement, nsOfRounds: readonly number[]): PlacedSlices {
  return { placement, rounds: nsOfRounds.map((ns, round) => takenRound(round, [ns, ns * 1.1, ns * 0.9])) };
}

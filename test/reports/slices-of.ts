import { type Cell, type PlacedSlices, type Placement, placements, type Run, type SliceRound } from "../../results/index.js";

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

/** Small parts that a round is off by, in turn. */
const offs = [0.001, -0.002, 0.0015, -0.001, 0.0005, -0.0005, 0.002];

/** The time of an operation by that of the one-core placement. */
const factors: Readonly<Record<Placement, number>> = { "one-core": 1, "two-cores": 1.6, scheduler: 1.3 };

/** A cell with slices in each placement, of about the given time of an operation. Cells with another `index` vary otherwise. */
export function withSlices(cell: Cell, ns: number, index: number, rounds = 5): Cell {
  const served = cell.kind === "fuse" || cell.kind === "command";
  const slices = placements.map((placement) => {
    const middle = ns * (served ? factors[placement] : 1);
    const times = Array.from({ length: rounds }, (_, round) => middle * (1 + offs[(round + index) % offs.length]!));
    return slicesOf(placement, times);
  });
  return { ...cell, slices };
}

/** A run whose cells have slices too: times by backend in ns, as many rounds as are given. */
export function slicedRun(run: Run, nsOf: Readonly<Record<string, number>>, rounds = 5): Run {
  const names = run.backends.map(({ name }) => name);
  const cells = run.cells.map((cell) => withSlices(cell, nsOf[cell.backend]!, names.indexOf(cell.backend), rounds));
  const slices = { placements: [...placements], rounds: null, precision: 0.02, budgetSeconds: 60 };
  return { ...run, cells, request: { ...run.request, slices } };
}

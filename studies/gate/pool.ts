import { type Cell, isSameReads, type Placement, type Run, type SliceRound } from "../../results/index.js";

/** One round of slices of all cells of a run: the rounds that took turns. */
interface PooledRound {
  /** By the index of a cell of the pool's first run. */
  readonly cells: readonly SliceRound[];
}

/** Rounds of saved runs of one kind: the same daemon, the same fault, the same load. */
export interface Pool {
  /** The run that gives the cells, their counts and the request. */
  readonly like: Run;
  readonly placement: Placement;
  readonly rounds: readonly PooledRound[];
  /** Until the counts are there. */
  readonly countsSeconds: number;
  readonly secondsPerRound: number;
}

const roundsOf = (cell: Cell, placement: Placement) =>
  cell.slices.flatMap((placed) => (placed.placement === placement ? placed.rounds : []));

/** The same cell of another run. */
function cellLike({ cells }: Run, key: Cell): Cell | undefined {
  return cells.find((cell) => cell.backend === key.backend && isSameReads(cell, key));
}

/** The rounds of a run in which every cell of another run took part. */
function wholeRounds(run: Run, like: Run, placement: Placement): PooledRound[] {
  const byRound = like.cells.map((key) => {
    const cell = cellLike(run, key);
    return new Map(cell === undefined ? [] : roundsOf(cell, placement).map((round) => [round.round, round]));
  });
  return [...byRound[0]!.keys()].flatMap((round) => {
    const cells = byRound.flatMap((rounds) => rounds.get(round) ?? []);
    return cells.length === like.cells.length ? [{ cells }] : [];
  });
}

/** The start of each round of slices, in ms since the epoch. */
export function roundStartsMs({ cells }: Run, placement: Placement): number[] {
  const starts = new Map<number, number>();
  for (const { round, startedAt } of cells.flatMap((cell) => roundsOf(cell, placement))) {
    starts.set(round, Math.min(Date.parse(startedAt), starts.get(round) ?? Number.POSITIVE_INFINITY));
  }
  return [...starts].sort(([a], [b]) => a - b).map(([, start]) => start);
}

/** The start of a run's first sample, in ms since the epoch; that of its first round where it has no sample. */
export function startMs(run: Run, placement: Placement): number {
  const samples = run.cells.flatMap((cell) => [...cell.samples, ...cell.counts]);
  const starts = samples.map(({ startedAt }) => Date.parse(startedAt));
  return Math.min(...starts, ...roundStartsMs(run, placement).slice(0, 1));
}

/** The seconds of the counts, and of a round of slices on average. @throws where a run has fewer than two rounds */
function paceOf(run: Run, placement: Placement): Pick<Pool, "countsSeconds" | "secondsPerRound"> {
  const starts = roundStartsMs(run, placement);
  const [first, last] = [starts[0], starts.at(-1)];
  if (first === undefined || last === undefined || first === last) throw new Error(`run ${run.id} has fewer than two rounds`);
  return {
    countsSeconds: (first - startMs(run, placement)) / 1000,
    secondsPerRound: (last - first) / 1000 / (starts.length - 1),
  };
}

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Pools the rounds of some runs. @param runs at least one */
export function poolOf(runs: readonly Run[], placement: Placement): Pool {
  const [like] = runs as [Run];
  const paces = runs.map((run) => paceOf(run, placement));
  return {
    like,
    placement,
    rounds: runs.flatMap((run) => wholeRounds(run, like, placement)),
    countsSeconds: average(paces.map(({ countsSeconds }) => countsSeconds)),
    secondsPerRound: average(paces.map(({ secondsPerRound }) => secondsPerRound)),
  };
}

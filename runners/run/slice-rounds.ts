import { type CellKey, cellOf, isUseful, type Placement, type Run, type SliceRound, writeRun } from "../../results/index.js";
import type { Backend } from "../backends/backend.js";
import type { Workspace } from "../files/workspace.js";
import { takeRound } from "../slices/index.js";

/** The rounds to take next. */
export interface SlicesToCome {
  readonly rounds: number;
  /** True for a cell whose slices in a placement are wanted. */
  readonly wants: (key: CellKey, placement: Placement) => boolean;
  /** The widest interval so far, for the line of progress; null where none is known. */
  readonly widest: string | null;
}

/** The setting of the slices of a run. */
export interface SliceSetting {
  /**
   * Gives the rounds to take next; null at the end.
   *
   * @param spentSeconds the time of all rounds of this run
   */
  readonly nextRounds: (run: Run, spentSeconds: number) => SlicesToCome | null;
  /** Called with a line for each thing that is being done. */
  readonly onPhase: (phase: string) => void;
  /** Called for slices that failed. */
  readonly onFailedSlices: (key: CellKey, placement: Placement, round: number, failure: string) => void;
}

/** The setting that takes so many rounds of all cells. */
export function fixedRounds(rounds: number, told: Omit<SliceSetting, "nextRounds">): SliceSetting {
  let isTaken = false;
  return {
    ...told,
    nextRounds() {
      if (isTaken) return null;
      isTaken = true;
      return { rounds, wants: () => true, widest: null };
    },
  };
}

interface RoundsSetting extends SliceSetting {
  readonly keys: readonly CellKey[];
  readonly backends: ReadonlyMap<string, Backend>;
  readonly workspace: Workspace;
  readonly directory: string;
  readonly signal: AbortSignal;
}

/** The result is written no more often than this: with its slices it is large. */
const WRITE_EVERY_MS = 5000;

/** Puts the slices of one round into a cell. */
function add(run: Run, key: CellKey, placement: Placement, slices: SliceRound): void {
  const cell = cellOf(run, key);
  const placed = cell.slices.find((one) => one.placement === placement);
  if (placed === undefined) cell.slices.push({ placement, rounds: [slices] });
  else placed.rounds.push(slices);
}

/** Writes a run that grows. */
class Writer {
  readonly #directory: string;
  readonly #run: Run;
  #writtenMs = 0;

  constructor(directory: string, run: Run) {
    this.#directory = directory;
    this.#run = run;
  }

  async write(): Promise<void> {
    this.#writtenMs = performance.now();
    await writeRun(this.#directory, this.#run);
  }

  /** Writes it unless it was written a moment ago. */
  async writeNowAndThen(): Promise<void> {
    if (performance.now() - this.#writtenMs >= WRITE_EVERY_MS) await this.write();
  }
}

/** The number of rounds that a run has. */
function roundsIn({ cells }: Run): number {
  const rounds = cells.flatMap(({ slices }) => slices.flatMap((placed) => placed.rounds.map(({ round }) => round + 1)));
  return Math.max(0, ...rounds);
}

/**
 * The time that the rounds of an earlier process took, for a run that is resumed: from the first slices of each round to the start of
 * its last ones, and as much more as one of these took on average.
 */
function secondsOfRounds({ cells }: Run): number {
  const starts = new Map<number, Set<number>>();
  for (const { round, startedAt } of cells.flatMap(({ slices }) => slices.flatMap(({ rounds }) => rounds))) {
    starts.set(round, (starts.get(round) ?? new Set()).add(Date.parse(startedAt)));
  }
  const secondsOf = (times: readonly number[]) =>
    times.length < 2 ? 0 : (((Math.max(...times) - Math.min(...times)) / 1000) * times.length) / (times.length - 1);
  return [...starts.values()].reduce((sum, times) => sum + secondsOf([...times]), 0);
}

const minutes = (seconds: number) => `${Math.floor(Math.ceil(seconds) / 60)}:${String(Math.ceil(seconds) % 60).padStart(2, "0")}`;

/**
 * Takes rounds of slices until nothing more is wanted. The result is written as they come. Aborting keeps the rounds that are whole:
 * a cell has no fewer rounds than another for it.
 *
 * @throws the signal's reason when aborted
 */
export async function takeSliceRounds(run: Run, setting: RoundsSetting): Promise<void> {
  const { slices: request } = run.request;
  if (request === undefined) return;
  const startedMs = performance.now();
  const earlierSeconds = secondsOfRounds(run);
  const spentSeconds = () => (performance.now() - startedMs) / 1000;
  const writer = new Writer(setting.directory, run);
  let taken = 0;
  const takeNext = async ({ wants, widest }: SlicesToCome, left: number): Promise<boolean> => {
    const round = roundsIn(run);
    const show = (phase: string, fraction: number) => {
      const done = taken + fraction;
      const known = done < 0.1 ? "time left unknown" : `${minutes((spentSeconds() / done) * (left - fraction))} left`;
      const width = widest === null ? "" : `, widest interval ${widest}`;
      setting.onPhase(`slices, round ${round + 1}, ${known} to the next look${width} | ${phase}`);
    };
    const slicesOfRound: (() => void)[] = [];
    const isTaken = await takeRound({
      ...setting,
      round,
      placements: request.placements,
      wants: (key, placement) => isUseful(placement, key.cache, request.placements) && wants(key, placement),
      fileSizeBytes: run.request.fileSizeBytes,
      seed: run.seed,
      onPhase: show,
      async onSlices(key, placement, slices) {
        slicesOfRound.push(() => add(run, key, placement, slices));
        if (!slices.ok) setting.onFailedSlices(key, placement, round, slices.failure);
      },
    });
    for (const keep of slicesOfRound) keep();
    await writer.writeNowAndThen();
    return isTaken;
  };
  try {
    for (let next = setting.nextRounds(run, earlierSeconds); next !== null; ) {
      for (let left = next.rounds; left > 0; left--) {
        // Without a cell that is wanted there is nothing to wait for.
        if (!(await takeNext(next, left))) return;
        taken += 1;
      }
      next = setting.nextRounds(run, earlierSeconds + spentSeconds());
    }
  } finally {
    await writer.write();
  }
}

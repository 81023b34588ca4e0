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

/** The number of rounds that a run has. A round that was stopped halfway has a number too: it is not taken again. */
function roundsIn({ cells }: Run): number {
  const rounds = cells.flatMap(({ slices }) => slices.flatMap((placed) => placed.rounds.map(({ round }) => round + 1)));
  return Math.max(0, ...rounds);
}

const minutes = (seconds: number) => `${Math.floor(Math.ceil(seconds) / 60)}:${String(Math.ceil(seconds) % 60).padStart(2, "0")}`;

/**
 * Takes rounds of slices until nothing more is wanted. The result is written as they come; aborting keeps what is there.
 *
 * @throws the signal's reason when aborted
 */
export async function takeSliceRounds(run: Run, setting: RoundsSetting): Promise<void> {
  const { slices: request } = run.request;
  if (request === undefined) return;
  const startedMs = performance.now();
  const spentSeconds = () => (performance.now() - startedMs) / 1000;
  let writtenMs = 0;
  let taken = 0;
  for (let next = setting.nextRounds(run, 0); next !== null; next = setting.nextRounds(run, spentSeconds())) {
    const { rounds, wants, widest } = next;
    for (let index = 0; index < rounds; index++) {
      const round = roundsIn(run);
      const show = (phase: string, fraction: number) => {
        const done = taken + fraction;
        const left = done < 0.1 ? "time left unknown" : `${minutes((spentSeconds() / done) * (rounds - index - fraction))} left`;
        const known = widest === null ? "" : `, widest interval ${widest}`;
        setting.onPhase(`slices, round ${round + 1}, ${left} to the next look${known} | ${phase}`);
      };
      await takeRound({
        ...setting,
        round,
        placements: request.placements,
        wants: (key, placement) => isUseful(placement, key.cache, request.placements) && wants(key, placement),
        fileSizeBytes: run.request.fileSizeBytes,
        seed: run.seed,
        onPhase: show,
        async onSlices(key, placement, slices) {
          add(run, key, placement, slices);
          if (!slices.ok) setting.onFailedSlices(key, placement, round, slices.failure);
          if (performance.now() - writtenMs < WRITE_EVERY_MS) return;
          writtenMs = performance.now();
          await writeRun(setting.directory, run);
        },
      });
      taken += 1;
    }
  }
}

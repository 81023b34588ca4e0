import type { CellKey, Placement, SliceRound } from "../../results/index.js";
import type { Backend } from "../backends/backend.js";
import type { Workspace } from "../files/workspace.js";

/** The setting of one round. */
export interface RoundSetting {
  /** The number of the round, from 0. */
  readonly round: number;
  /** The cells that are measured. Those that do the same operations take turns. */
  readonly keys: readonly CellKey[];
  readonly placements: readonly Placement[];
  /** True for a cell whose slices in a placement are wanted. All that take turns with one that is wanted are taken too. */
  readonly wants: (key: CellKey, placement: Placement) => boolean;
  readonly backends: ReadonlyMap<string, Backend>;
  readonly fileSizeBytes: number;
  readonly seed: number;
  readonly workspace: Workspace;
  readonly signal: AbortSignal;
  /** After this long without an answer a daemon hangs. Default: a minute. */
  readonly hangMs?: number;
  /** Called with a line for each thing that is being done, and with the part of the round that is done, 0 to 1. */
  readonly onPhase: (phase: string, fraction: number) => void;
  /** Called for each cell and placement as it is done. */
  readonly onSlices: (key: CellKey, placement: Placement, slices: SliceRound) => Promise<void>;
}

import type { CacheState, Storm, Trial } from "../../../results/index.js";

import type { PreparedRun } from "../../run/prepare.js";
import type { Progress } from "../../run/progress.js";

/** The cells of a study that is a run, and how many blocks of them. */
export interface Grid {
  readonly backends: readonly string[];
  readonly workloads: readonly string[];
  readonly ioSizeBytes: number;
  readonly cache: CacheState;
  /** Measured with the mount's window off as well. */
  readonly isWindowSwept?: boolean;
  /** Default 1: as many blocks as the profile says. */
  readonly blocksFactor?: number;
}

/** Makes its own trees and mounts below a directory, and removes them. */
type Take<Finding> = (directory: string, signal: AbortSignal) => Promise<Finding[]>;

/** A measurement that claims share. Its key names the evidence that it gives. */
export type Study = { readonly grid: Grid } | { readonly trials: Take<Trial> } | { readonly storms: Take<Storm> };

/** The amount of work of a profile. */
export interface StudySize {
  readonly blocks: number;
  readonly countedBlocks: number;
  readonly fileSizeBytes: number;
  /** Rounds of slices, from which ratios come. */
  readonly sliceRounds: number;
}

export interface StudySetting {
  readonly prepared: PreparedRun;
  readonly size: StudySize;
  readonly seed: number;
  /** Each study's result goes into a directory below. */
  readonly out: string;
  /** Trees and mounts of trials are made below. */
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly onPhase: (phase: string) => void;
  readonly onProgress: (progress: Progress) => void;
  readonly onFailure: (failure: string) => void;
}

import { type BackendTraits, type CellKey, isSameCell, traitsOf } from "./cells/index.js";
import type { CountedSample, TimedSample } from "./figures/index.js";
import { decodeCounted, decodeTimed, encodeCounted, encodeTimed } from "./figures/samples.js";
import type { RunInFile } from "./schema.js";
import type { PlacedSlices } from "./slices/index.js";

/** One cell of a run, with its samples and the traits of its backend. */
export interface Cell extends CellKey, BackendTraits {
  /** The window of the filesystem that the load reads through, and of the block device under the source tree. Null: unknown. */
  readaheadKiB: number | null;
  deviceReadaheadKiB: number | null;
  readonly medium: string;
  /** The timed samples, one per block. Counts repeat, so one counted sample or a few are enough. */
  samples: TimedSample[];
  counts: CountedSample[];
  /** Bursts of operations in turn with the other backends, by placement: the source of ratios. */
  slices: PlacedSlices[];
}

/** A result in memory. `run.json` holds the same in the form of its schema. */
export interface Run extends Omit<RunInFile, "cells"> {
  cells: Cell[];
}

/** The cell of a run with these coordinates. */
export function findCell({ cells }: Pick<Run, "cells">, key: CellKey): Cell | undefined {
  return cells.find((cell) => isSameCell(cell, key));
}

/** The cell of a run with these coordinates, which is made where the run has none yet. */
export function cellOf(run: Run, key: CellKey): Cell {
  const known = findCell(run, key);
  if (known !== undefined) return known;
  const cell = emptyCell(run, key);
  run.cells.push(cell);
  return cell;
}

/** A cell without a sample. */
export function emptyCell({ backends, host }: Pick<Run, "backends" | "host">, key: CellKey): Cell {
  const windows = { readaheadKiB: null, deviceReadaheadKiB: null };
  return { ...key, ...traitsOf(backends, key.backend), ...windows, medium: host.device, samples: [], counts: [], slices: [] };
}

export function decodeRun(file: RunInFile): Run {
  const cells = file.cells.map(({ samples, counts, slices = [], ...cell }) => ({
    ...cell,
    ...traitsOf(file.backends, cell.backend),
    samples: samples.map(decodeTimed),
    counts: counts.map(decodeCounted),
    slices,
  }));
  return { ...file, cells };
}

/** A run as `run.json` has it, with its keys in the order of the schema. */
export function encodeRun({ cells, calibration, ...run }: Run): object {
  const encoded = cells.map((cell) => ({
    backend: cell.backend,
    workload: cell.workload,
    ioSizeBytes: cell.ioSizeBytes,
    cache: cell.cache,
    readahead: cell.readahead,
    readaheadKiB: cell.readaheadKiB,
    deviceReadaheadKiB: cell.deviceReadaheadKiB,
    medium: cell.medium,
    samples: cell.samples.map(encodeTimed),
    counts: cell.counts.map((sample) => encodeCounted(sample, cell.kind !== "native")),
    ...(cell.slices.length > 0 && { slices: cell.slices }),
  }));
  return { ...run, cells: encoded, calibration };
}

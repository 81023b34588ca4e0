import { mean, median } from "simple-statistics";
import {
  type BaselineEntry,
  type Cell,
  type Placement,
  type Reads,
  type Run,
  readsKey,
  servedReadsKey,
} from "../../results/index.js";

import { formatFactor } from "../figures/formats.js";
import { type SeriesName, seriesOf } from "../figures/series.js";
import { nsOfRounds } from "../figures/slices.js";
import { placementsOf } from "./compared-slices.js";

/** The factor by which the CPU time of other processes may differ from the baseline's. */
const OTHERS_TOLERANCE = 1.25;

/** The factor by which native's own latency may differ from the baseline's. */
const NATIVE_TOLERANCE = 1.15;

/** The state of the host while a run was taken. Without it times of two sittings say nothing. */
export function hostStateOf(run: Run): BaselineEntry["conditions"] {
  const natives = run.cells.filter(({ role }) => role === "reference");
  return {
    nativeLatencyNs: medians(natives, readsKey, "meanLatencyNs"),
    // The startup of the load and the harness itself are in it, the same in each run; the rest is other processes'.
    otherCpuSeconds: medians(run.cells, servedReadsKey, "otherCpuSeconds"),
    ...(run.request.slices !== undefined && { nativeSliceNs: nativeSlices(run, natives) }),
  };
}

/** The name of native's time in slices of a placement. */
export function nativeSliceKey(placement: Placement, reads: Reads): string {
  return `${placement} ${readsKey(reads)}`;
}

/** The median time of an operation of native in slices, by placement and reads. */
function nativeSlices(run: Run, natives: readonly Cell[]): Record<string, number> {
  const known = natives.flatMap((cell) =>
    placementsOf(run, cell).flatMap((placement) => {
      const values = nsOfRounds(cell, placement, "wall").map(({ value }) => value);
      return values.length === 0 ? [] : [[nativeSliceKey(placement, cell), median(values)] as const];
    }),
  );
  return Object.fromEntries(known);
}

/** The median of a series of each cell that has it, by a key of the cell. */
function medians(cells: readonly Cell[], keyOf: (cell: Cell) => string, name: SeriesName): Record<string, number> {
  const known = cells.flatMap((cell) => {
    const values = seriesOf(cell, name).map(({ value }) => value);
    return values.length === 0 ? [] : [[keyOf(cell), median(values)] as const];
  });
  return Object.fromEntries(known);
}

/** The reason for which slices of a run and of a baseline of the same host can't be compared; null where they can. */
export function changedNativeSlices(run: Run, { conditions: then, fileSizeBytes }: BaselineEntry): string | null {
  if (run.request.fileSizeBytes !== fileSizeBytes) return "its files had another size";
  return changedNative(hostStateOf(run).nativeSliceNs ?? {}, then.nativeSliceNs ?? {});
}

/** The reason for which times of samples of a run and of a baseline of the same host can't be compared; null where they can. */
export function changedHostState(run: Run, { conditions: then, fileSizeBytes }: BaselineEntry): string | null {
  if (run.request.fileSizeBytes !== fileSizeBytes) return "its files had another size";
  const now = hostStateOf(run);
  const both = Object.keys(now.otherCpuSeconds).filter((cell) => then.otherCpuSeconds[cell] !== undefined);
  if (both.length === 0) return "the CPU time that other processes used is not known, now or then";
  const [busyNow, busyThen] = [now, then].map(({ otherCpuSeconds: of }) => mean(both.map((cell) => of[cell]!))) as [
    number,
    number,
  ];
  if (busyNow > busyThen * OTHERS_TOLERANCE || busyNow < busyThen / OTHERS_TOLERANCE) {
    return `other processes used ${busyNow.toFixed(2)} s of CPU time during a sample, ${busyThen.toFixed(2)} s when the baseline was taken`;
  }
  return changedNative(now.nativeLatencyNs, then.nativeLatencyNs);
}

/** The reason where native's own time differs from what it was, in any place that both know; null where it does not. */
function changedNative(now: Readonly<Record<string, number>>, then: Readonly<Record<string, number>>): string | null {
  for (const [place, latency] of Object.entries(now)) {
    const ratio = latency / (then[place] ?? latency);
    if (ratio > NATIVE_TOLERANCE || ratio < 1 / NATIVE_TOLERANCE) {
      return `native itself takes ${formatFactor(ratio)} of the time that it took then`;
    }
  }
  return null;
}

import { mean, median } from "simple-statistics";
import type { BaselineCell, BaselineEntry, Run } from "../../results/index.js";

import { formatCell, formatFactor } from "../figures/formats.js";
import { countSides, descriptorSides, descriptorsPerOpen, workingSides } from "./cell-sides.js";
import { knownDifference } from "./floor.js";
import { unpairedChange } from "./judge-time.js";
import {
  besides,
  nativeLatencyNs,
  nativesOf,
  otherCpuSeconds,
  placeOf,
  type TimeMeasure,
  timeMeasures,
  timesBy,
} from "./measures.js";
import type { CountSides, Sides, TimeSides, WorkingSides } from "./sides.js";

/** What a baseline of another minute may be compared for. */
export type Use = "counts and times" | "counts";

/** How much more or less CPU time others may use during a sample than when the baseline was taken. */
const OTHERS_TOLERANCE = 1.25;

/** The factor within which native itself must be as fast as then. */
const NATIVE_TOLERANCE = 1.15;

/** Why times of this run and of the baseline can't be compared although the host is the same; null where they can. */
function changedConditions(run: Run, { conditions, fileSizeBytes }: BaselineEntry): string | null {
  if (run.request.fileSizeBytes !== fileSizeBytes) return "its files had another size";
  const others = otherCpuSeconds(run);
  const both = Object.keys(others).filter((cell) => conditions.otherCpuSeconds[cell] !== undefined);
  const [busyNow, busyThen] = [others, conditions.otherCpuSeconds].map((of) => mean(both.map((cell) => of[cell]!))) as [
    number,
    number,
  ];
  if (busyNow > busyThen * OTHERS_TOLERANCE || busyNow < busyThen / OTHERS_TOLERANCE) {
    return `other processes used ${busyNow.toFixed(2)} s of CPU time during a sample, ${busyThen.toFixed(2)} s when the baseline was taken`;
  }
  for (const [place, now] of Object.entries(nativeLatencyNs(run))) {
    const ratio = now / (conditions.nativeLatencyNs[place] ?? now);
    if (ratio > NATIVE_TOLERANCE || ratio < 1 / NATIVE_TOLERANCE) {
      return `native itself takes ${formatFactor(ratio)} of the time that it took then`;
    }
  }
  return null;
}

/** A run may be asked for less than a baseline holds. */
function wasAskedFor({ request }: Run, { backend, workload, ioSizeBytes, cache }: BaselineCell): boolean {
  const isBackend = request.backends.some(({ name }) => name === backend);
  return (
    isBackend &&
    request.workloads.includes(workload) &&
    request.ioSizesBytes.includes(ioSizeBytes) &&
    request.caches.includes(cache)
  );
}

/**
 * Pairs a run with a baseline, cell by cell.
 *
 * @param freshFrom the first block that was measured after something had looked worse; null where none was
 */
export function baselineSides(run: Run, entry: BaselineEntry, use: Use, freshFrom: number | null): Sides {
  const { native } = nativesOf(run);
  const obstacle = use === "counts" ? null : changedConditions(run, entry);
  const [counts, times, working]: [CountSides[], TimeSides[], WorkingSides[]] = [[], [], []];
  for (const before of entry.cells) {
    const { backend } = before;
    if (!wasAskedFor(run, before)) continue;
    const cell = run.cells.find((candidate) => candidate.backend === backend && placeOf(candidate) === placeOf(before));
    if (cell === undefined) {
      const why = run.backends.find(({ name }) => name === backend)?.unavailable ?? "it is not in this run";
      working.push({ backend, place: formatCell(before), tried: 0, failed: 0, failure: why });
      continue;
    }
    working.push(workingSides(backend, cell));
    counts.push(...countSides(backend, cell, before.counts, backend !== native));
    if (use === "counts" || backend === native) continue;
    for (const measure of Object.keys(timeMeasures) as TimeMeasure[]) {
      times.push(timeSides(run, before, cell, measure, freshFrom, obstacle));
    }
  }
  for (const { name } of run.backends) {
    counts.push(...descriptorSides(name, entry.descriptorsPerOpen[name] ?? [], descriptorsPerOpen(run, name)));
  }
  const when = `the baseline of ${entry.savedAt} (run ${entry.runId}, Linux ${entry.host.kernel})`;
  const isSameHost = entry.host.fingerprint === run.host.fingerprint;
  const used =
    use === "counts and times"
      ? `Counts and times are compared with ${when}, taken on this host.`
      : `Counts alone are compared with ${when}${isSameHost ? "" : `: times do not carry over from another host (${entry.host.fingerprint}, this is ${run.host.fingerprint})`}.`;
  return { counts, times, working, notes: [used, ...(obstacle === null ? [] : [`Times can't be told: ${obstacle}.`])] };
}

function timeSides(
  run: Run,
  before: BaselineCell,
  cell: Run["cells"][number],
  measure: TimeMeasure,
  freshFrom: number | null,
  obstacle: string | null,
): TimeSides {
  const ratios = timesBy(cell, besides(run, cell, nativesOf(run).native), measure);
  const now = ratios.map(({ value }) => value);
  const fresh = freshFrom === null ? [] : ratios.filter(({ block }) => block >= freshFrom).map(({ value }) => value);
  const then = before.timesToNative[measure] ?? [];
  return {
    backend: cell.backend,
    place: formatCell(cell),
    measure,
    before: then.length === 0 ? null : median(then),
    now: now.length === 0 ? null : median(now),
    unit: "x native",
    change: unpairedChange(then, now),
    ratios: now,
    freshRatio: fresh.length === 0 || then.length === 0 ? null : median(fresh) / median(then),
    floor: knownDifference(run, placeOf(cell), measure),
    obstacle,
  };
}

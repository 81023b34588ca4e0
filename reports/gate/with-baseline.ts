import type { BaselineCell, BaselineEntry, Cell, Run } from "../../results/index.js";

import { formatCell } from "../figures/formats.js";
import { cellOfBackend, cellOfNative } from "../figures/same-cell.js";
import type { Compared, ComparedCount, ComparedSlices, ComparedSuccess, ComparedTime } from "./compared.js";
import { type CountsBefore, comparedCounts, comparedSuccess } from "./compared-cell.js";
import { placementsOf, slicesAcrossRuns } from "./compared-slices.js";
import { comparedTime, middle } from "./compared-time.js";
import { changedHostState, changedNativeSlices, nativeSliceKey } from "./host-state.js";
import { backendCounts, DAEMON_SYSTEM_CALLS, requestIds, timeMetrics } from "./metrics.js";
import { backendCountsOf, timeRatiosOf } from "./values.js";

/** The figures of a baseline that hold on this host. */
export type Use = "counts and times" | "counts";

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
 * The counts of a cell of a baseline. It holds only opcodes that its daemon was asked for: another opcode is 0 where requests were
 * counted. They were where the daemon's system calls were: the kernel's tracepoints give both, or neither. Native has neither.
 */
function countsBefore({ counts }: BaselineCell): CountsBefore {
  const opcodes = Object.keys(counts).flatMap((id) => requestIds.opcodeIn(id) ?? []);
  const [traced = []] = [DAEMON_SYSTEM_CALLS.id, ...opcodes.map(requestIds.of)].flatMap((id) => {
    const values = counts[id];
    return values === undefined ? [] : [values];
  });
  const zeros = traced.map(() => 0);
  return { opcodes, of: ({ id, isSparse }) => counts[id] ?? (isSparse ? zeros : []) };
}

function timesOfCell(
  run: Run,
  cell: Cell,
  before: BaselineCell,
  obstacle: string | null,
  freshFrom: number | null,
): ComparedTime[] {
  const native = cellOfNative(run, cell);
  return timeMetrics.map((metric) => {
    const ratios = timeRatiosOf(cell, native, metric);
    const earlier = before.timesToNative[metric.id] ?? [];
    const said = { before: middle(earlier), now: middle(ratios.map(({ value }) => value)), unit: "x native" } as const;
    return comparedTime(run, cell.backend, cell, metric, { ratios, earlier, said, obstacle }, freshFrom);
  });
}

function slicesOfCell(
  run: Run,
  now: Cell,
  before: BaselineCell,
  { conditions }: BaselineEntry,
  obstacle: string | null,
): ComparedSlices[] {
  const [native, nativeAgain] = [cellOfNative(run, now), cellOfNative(run, now, "reference again")];
  return placementsOf(run, now).flatMap((placement) =>
    timeMetrics.map((metric) => {
      const earlier = before.slicesToNative?.[placement]?.[metric.id] ?? [];
      const nativeNsThen = conditions.nativeSliceNs?.[nativeSliceKey(placement, now)];
      return slicesAcrossRuns({ now, native, nativeAgain, earlier, nativeNsThen, obstacle }, placement, metric);
    }),
  );
}

/** The reason for which no time of a run can be compared with a baseline's; null where some can. */
function obstacleToTimes(run: Run, entry: BaselineEntry): string | null {
  const hasSlices = entry.cells.some(({ slicesToNative }) => slicesToNative !== undefined);
  if (run.request.slices === undefined) return hasSlices ? "this result holds no slices" : changedHostState(run, entry);
  return hasSlices ? changedNativeSlices(run, entry) : "the baseline holds no slices: save it anew";
}

/**
 * Compares a run with a baseline, cell by cell.
 *
 * @param freshFrom of a result without slices: the first block that counts as measured again; null where none does
 */
export function comparedWithBaseline(run: Run, entry: BaselineEntry, use: Use, freshFrom: number | null): Compared {
  const obstacle = use === "counts" ? null : obstacleToTimes(run, entry);
  const counts: ComparedCount[] = [];
  const slices: ComparedSlices[] = [];
  const times: ComparedTime[] = [];
  const success: ComparedSuccess[] = [];
  for (const before of entry.cells) {
    const { backend } = before;
    if (!wasAskedFor(run, before)) continue;
    const cell = cellOfBackend(run, before, backend);
    if (cell === undefined) {
      const why = run.backends.find(({ name }) => name === backend)?.unavailable ?? "it is not in this run";
      success.push({ backend, place: formatCell(before), tried: 0, failed: 0, failedRounds: 0, failure: why });
      continue;
    }
    success.push(comparedSuccess(backend, cell));
    counts.push(...comparedCounts(backend, cell, countsBefore(before)));
    if (use === "counts" || cell.role === "reference") continue;
    if (run.request.slices === undefined) times.push(...timesOfCell(run, cell, before, obstacle, freshFrom));
    else slices.push(...slicesOfCell(run, cell, before, entry, obstacle));
  }
  for (const metric of backendCounts) {
    for (const { name } of run.backends) {
      const before = entry[metric.field][name] ?? [];
      const now = backendCountsOf(run, name, metric);
      if (before.length > 0) counts.push({ backend: name, place: metric.place, metric, before, now });
    }
  }
  const notes = [usedNote(run, entry, use), ...(obstacle === null ? [] : [`Times can't be told: ${obstacle}.`])];
  return { counts, slices, times, success, notes };
}

function usedNote(run: Run, { savedAt, runId, host }: BaselineEntry, use: Use): string {
  const when = `the baseline of ${savedAt} (run ${runId}, Linux ${host.kernel})`;
  if (use === "counts and times") return `Counts and times are compared with ${when}, taken on this host.`;
  const isSameHost = host.fingerprint === run.host.fingerprint;
  const why = isSameHost
    ? ""
    : `: times do not carry over from another host (${host.fingerprint}, this is ${run.host.fingerprint})`;
  return `Counts alone are compared with ${when}${why}.`;
}

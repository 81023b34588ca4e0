import type { Placement } from "../../results/index.js";
import { type Agreement, agreements } from "../figures/agreement.js";
import type { Comparison, ComparisonRow } from "../figures/comparison.js";
import { formatCell, formatFactor } from "../figures/formats.js";
import { PAPER_CLASSES } from "../figures/paper-class.js";
import { placementsIn, placementWords, rowsIn } from "../figures/placed-rows.js";
import { halfWidthOf } from "../figures/round-estimate.js";
import { intervalText } from "./columns.js";

/** Ratios that a note names; of more it gives the number. */
const SHOWN = 3;

/** `5`, or `5 to 10`. */
function range(counts: readonly number[]): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? String(most) : `${least} to ${most}`;
}

/** The method and the coverage of the intervals of fio's blocks, in one line; the samples of the cells may differ in number. */
export function intervalNote({ rows }: Comparison): string {
  const ratios = rows.flatMap(({ placement, relativeThroughput }) =>
    placement !== null || relativeThroughput === null ? [] : [relativeThroughput],
  );
  const byCount = new Map(ratios.map(({ n, interval }) => [n, interval]));
  const described = [...byCount].map(([n, { coverage, reaches95 }]) => {
    if (n === 1) return "n = 1 gives no interval";
    const percent = (coverage * 100).toFixed(coverage > 0.995 ? 2 : 1);
    return reaches95 ? `order statistics, ${percent} % coverage (n = ${n})` : `range of ${n}, ${percent} % coverage`;
  });
  return described.length === 0 ? "no cell has a ratio to native" : `[low, high] of the median ratio: ${described.join("; ")}`;
}

function widestFloor(rows: readonly ComparisonRow[]): string | null {
  const floors = rows.filter(({ isReferenceAgain, noiseFloor }) => isReferenceAgain && noiseFloor !== null);
  if (floors.length === 0) return null;
  const widest = floors.reduce((a, b) => (a.noiseFloor! >= b.noiseFloor! ? a : b));
  return `within ${formatFactor(widest.noiseFloor!)} at most, at ${formatCell(widest)}`;
}

/** The difference of native from itself in this run, in one line. */
export function noiseNote({ rows }: Comparison): string {
  const placed = [...placementsIn(rows), ...(rows.some(({ placement }) => placement === null) ? [null] : [])];
  const floors = placed.flatMap((placement) => {
    const floor = widestFloor(rows.filter((row) => row.placement === placement));
    return floor === null ? [] : [{ placement, floor }];
  });
  if (floors.length === 0) return "noise floor unknown: native was not measured twice";
  const [first] = floors;
  if (floors.length === 1 && first!.placement === null) {
    return `noise floor (native by native again, in the same block): ${first!.floor}`;
  }
  return `noise floor (native by native again): ${floors.map(({ placement, floor }) => `${placement ?? "by fio"} ${floor}`).join("; ")}`;
}

function agreementText({ row, bySlices, byFio }: Agreement): string {
  return `${row.backend} ${formatCell(row)} (${intervalText(bySlices)} % by slices, ${intervalText(byFio)} % by fio)`;
}

/** Ratios by slices held against those by fio's blocks, in one line; none where no cell has enough of both. */
function agreementNotes(comparison: Comparison): string[] {
  const all = agreements(comparison);
  if (all.length === 0) return [];
  const others = all.filter(({ agrees }) => !agrees);
  const counts = range(all.map(({ byFio }) => byFio.n));
  const said = `slices (scheduler) and fio's blocks (n = ${counts}) agree within their intervals in ${all.length - others.length} of ${all.length} ratios to native.`;
  if (others.length === 0) return [said];
  const shown = others.slice(0, SHOWN).map(agreementText).join("; ");
  return [`${said} They differ for ${shown}${others.length > SHOWN ? `; and ${others.length - SHOWN} more` : ""}.`];
}

/** The noise of the device: the widest interval of native by itself where reads are cold. */
function coldNotes({ rows }: Comparison): string[] {
  const widest = rows
    .filter(({ isReferenceAgain, cache, placement }) => isReferenceAgain && cache === "cold" && placement !== null)
    .flatMap((row) => (row.relativeThroughput === null ? [] : [{ row, ratio: row.relativeThroughput }]))
    .toSorted((a, b) => (halfWidthOf(b.ratio) ?? 0) - (halfWidthOf(a.ratio) ?? 0))[0];
  if (widest === undefined) return [];
  const { row, ratio } = widest;
  return [
    `cold reads meet the device: native is up to ${intervalText(ratio)} % of itself (${formatCell(row)}, ${row.placement}). No number of rounds in a budget settles that.`,
  ];
}

/** The notes below a table of ratios by slices: their meaning, their intervals, and their floor. */
export function sliceNotes(comparison: Comparison): string[] {
  const { rows } = comparison;
  const placed = placementsIn(rows);
  const counts = rows.flatMap(({ placement, relativeThroughput }) =>
    placement === null || relativeThroughput === null ? [] : [relativeThroughput.n],
  );
  const words = (placement: Placement) => `${placement}: ${placementWords[placement]}`;
  const n = counts.length === 0 ? "" : ` (n = ${range(counts)} rounds)`;
  const ofUsers = [...new Set(rowsIn(rows, "users").flatMap(({ placement }) => placement ?? []))];
  const byFio = rows.some(({ placement, relativeThroughput }) => placement === null && relativeThroughput !== null);
  return [
    `% of native: throughput by native's in the same turns, by slices, with half of its 95 percent interval${n}. ${placed.map(words).join("; ")}.`,
    ...(byFio ? [`% by fio: cells without slices, in the same block; ${intervalNote(comparison)}.`] : []),
    "ops/s and p99: fio's samples, on cores chosen by the scheduler.",
    `~ can't be told from native: the interval includes 100, or lies inside the noise floor; ${noiseNote(comparison)}.`,
    `class, as in the paper of FAST 2017, of the ratio in placement ${ofUsers.join(", ")}: ${PAPER_CLASSES}. ?: the interval reaches into another class. -: the ratio can't be told from native, or there is one round.`,
    ...agreementNotes(comparison),
    ...coldNotes(comparison),
  ];
}

import type { Comparison } from "../figures/comparison.js";
import { PAPER_CLASSES } from "../figures/paper-class.js";
import { cellRows, placementsIn, placementWords, rowsIn } from "../figures/placed-rows.js";
import { PUBLISHED_SOURCE } from "../figures/published.js";
import { modelOf } from "../model/prediction.js";
import { modelTables } from "../model/table.js";
import { type Column, callColumns, costColumns, speedColumns } from "../tables/columns.js";
import { missingNotes } from "../tables/notes.js";
import { paperGrid } from "../tables/paper-table.js";
import { fioColumns, placedSpeedColumns } from "../tables/placed-columns.js";
import { intervalNote, noiseNote, sliceNotes } from "../tables/ratio-notes.js";
import type { ReportTable } from "../tables/report-table.js";
import { schedulingTables } from "../tables/scheduling-table.js";
import { gridOf } from "../tables/table.js";

function table(title: string, columns: readonly Column[], { rows }: Comparison, notes: readonly string[]): ReportTable {
  return { title, grid: gridOf(columns, cellRows(rows)), align: columns.map(({ align }) => align), notes };
}

/** Throughput, the ratio to native and latency, a line for each cell. */
export function speedTable(comparison: Comparison): ReportTable {
  const { rows } = comparison;
  if (placementsIn(rows).length > 0) return table("Speed", placedSpeedColumns(rows), comparison, sliceNotes(comparison));
  return table("Speed", speedColumns, comparison, [
    `% of native: median of the throughput ratios to native in the same block; ${intervalNote(comparison)}.`,
    `~ can't be told from native: the interval includes 100, or lies inside the noise floor; ${noiseNote(comparison)}.`,
    `class, as in the paper of FAST 2017: ${PAPER_CLASSES}. ?: the interval reaches into another class. -: the ratio can't be told from native, or there is one block.`,
  ]);
}

/** fio's own figures, where the table of speed is that of slices. */
function fioTables(comparison: Comparison): ReportTable[] {
  if (placementsIn(comparison.rows).length === 0) return [];
  return [table("Samples by fio", fioColumns, comparison, ["Medians over blocks, on cores chosen by the scheduler. n: blocks."])];
}

/** Mode transitions, context switches, requests and CPU time, a line for each cell. */
export function costTable(comparison: Comparison): ReportTable {
  return table("Cost per operation", costColumns, comparison, [
    "sys+pf: system calls and user page faults, each one mode transition; cs: context switches; READs: FUSE READ requests; CPU: application and daemon.",
    "RA: readahead window of the filesystem that is read; -: nothing to count, since native has no daemon.",
    ...missingNotes(comparison),
  ]);
}

/** The placement of the ratios beside the paper's. */
function placedNote({ rows }: Comparison): string {
  const placed = placementsIn(rowsIn(rows, "users"));
  return placed.length === 0 ? "" : ` (${placed.map((placement) => placementWords[placement]).join(", ")})`;
}

/** All tables of a report. */
export function reportTables(comparison: Comparison): ReportTable[] {
  const served = { ...comparison, rows: comparison.rows.filter(({ kind }) => kind !== "native") };
  const calls = served.rows.length === 0 ? [] : [table("The daemon's system calls", callColumns, served, [])];
  const grid = paperGrid(comparison);
  const paper: ReportTable[] =
    grid === null
      ? []
      : [
          {
            title: "Beside the paper",
            grid,
            align: grid[0]!.map((_, column) => (column === 0 ? "l" : "r")),
            notes: [
              `Throughput relative to native in percent${placedNote(comparison)}, and its class; ~ can't be told from native, and has no class. HDD and SSD columns: ${PUBLISHED_SOURCE}.`,
              "Their runs are cold: compare them with cold cells, and only by the order of magnitude.",
            ],
          },
        ];
  return [
    speedTable(comparison),
    ...fioTables(comparison),
    costTable(comparison),
    ...modelTables(modelOf(comparison)),
    ...calls,
    ...schedulingTables(comparison),
    ...paper,
  ];
}

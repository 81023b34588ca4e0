import type { Comparison } from "../figures/comparison.js";
import { PAPER_CLASSES } from "../figures/paper-class.js";
import { PUBLISHED_SOURCE } from "../figures/published.js";
import { modelOf } from "../model/prediction.js";
import { modelTables } from "../model/table.js";
import { type Column, callColumns, costColumns, speedColumns } from "../tables/columns.js";
import { intervalNote, missingNotes, noiseNote } from "../tables/notes.js";
import { paperGrid } from "../tables/paper-table.js";
import type { ReportTable } from "../tables/report-table.js";
import { schedulingTables } from "../tables/scheduling-table.js";
import { gridOf } from "../tables/table.js";

function table(title: string, columns: readonly Column[], { rows }: Comparison, notes: readonly string[]): ReportTable {
  return { title, grid: gridOf(columns, rows), align: columns.map(({ align }) => align), notes };
}

/** Throughput, the ratio to native and latency, a line for each cell. */
export function speedTable(comparison: Comparison): ReportTable {
  return table("Speed", speedColumns, comparison, [
    `% of native: median of the throughput ratios to native in the same block; ${intervalNote(comparison)}.`,
    `~ can't be told from native: the interval includes 100, or lies inside the noise floor; ${noiseNote(comparison)}.`,
    `class, as in the paper of FAST 2017: ${PAPER_CLASSES}. ?: the interval reaches into another class. -: the ratio can't be told from native, or there is one block.`,
  ]);
}

/** Mode transitions, context switches, requests and CPU time, a line for each cell. */
export function costTable(comparison: Comparison): ReportTable {
  return table("Cost per operation", costColumns, comparison, [
    "sys+pf: system calls and user page faults, each one mode transition; cs: context switches; READs: FUSE READ requests; CPU: application and daemon.",
    "RA: readahead window of the filesystem that is read; -: nothing to count, since native has no daemon.",
    ...missingNotes(comparison),
  ]);
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
              `Throughput relative to native in percent, and its class; ~ can't be told from native, and has no class. HDD and SSD columns: ${PUBLISHED_SOURCE}.`,
              "Their runs are cold: compare them with cold cells, and only by the order of magnitude.",
            ],
          },
        ];
  return [
    speedTable(comparison),
    costTable(comparison),
    ...modelTables(modelOf(comparison)),
    ...calls,
    ...schedulingTables(comparison),
    ...paper,
  ];
}

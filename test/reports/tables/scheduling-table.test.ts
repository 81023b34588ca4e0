import { expect, test } from "vitest";
import { compare } from "../../../reports/figures/comparison.js";
import { schedulingTables } from "../../../reports/tables/scheduling-table.js";
import type { Cell } from "../../../results/schema.js";
import { cellOf, counted, runOf } from "../run-of.js";

/** A cell of 1000 reads with known switches, migrations and interrupts. */
function waiting(): Cell {
  const sample = counted(0, { switches: [1010, 1100], reads: 1000 });
  Object.assign(sample.figures!, {
    voluntarySwitches: { application: 1000, daemon: 900 },
    switchesToIdle: { application: 211, daemon: 0 },
    migrations: { application: 1, daemon: 2 },
    interrupts: { application: 4, daemon: 8 },
    answersBySize: { "4096": 1000, "131072": 31 },
    deviceReadsBySize: {},
    roundTrips: { requests: 1000, meanNs: 18_000, p50Ns: 17_000, p99Ns: 40_000, maxNs: 90_000, histogram: {} },
  });
  return cellOf("fuse", { counts: [sample] });
}

test("how the parties waited is told per I/O", () => {
  const [table] = schedulingTables(compare(runOf([waiting()])));
  expect(table!.grid[1]!.slice(2)).toEqual([
    "1.00+0.010",
    "0.90+0.20",
    "10.0",
    "3.00",
    "12.0",
    "17.0 / 40.0",
    "4 KiB 1.00, 128 KiB 0.031",
    "none",
  ]);
});

test.each([
  { what: "a daemon that was not counted", change: { migrations: { application: 1, daemon: null } }, column: 5 },
  { what: "a daemon whose switches are unknown", change: { switchesToIdle: { application: 211, daemon: null } }, column: 4 },
  { what: "more switches to idle than switches", change: { switchesToIdle: { application: 2111, daemon: 0 } }, column: 4 },
])("$what leaves the figure of both unknown", ({ change, column }) => {
  const cell = waiting();
  Object.assign(cell.counts[0]!.figures!, change);
  const [table] = schedulingTables(compare(runOf([cell])));
  expect(table!.grid[1]![column]).toBe("n/a");
});

test("a result from before this was counted has no such table", () => {
  expect(schedulingTables(compare(runOf([cellOf("fuse", { counts: [counted(0, {})] })])))).toEqual([]);
});

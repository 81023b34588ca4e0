import { expect, test } from "vitest";
import { compare } from "../../../reports/figures/comparison.js";
import { schedulingTables } from "../../../reports/tables/scheduling-table.js";
import type { Cell } from "../../../results/index.js";
import { cellOf, counted, figuresOf, runOf } from "../run-of.js";

/** A cell of 1000 reads with known switches, migrations and interrupts. */
function waiting(): Cell {
  const sample = counted(0, { switches: [1010, 1100], reads: 1000 });
  Object.assign(sample.figures, {
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

test("the waiting of the parties is given per operation", () => {
  const [table] = schedulingTables(compare(runOf([waiting()])));
  const [header, line] = table!.grid;
  expect(Object.fromEntries(header!.map((name, column) => [name, line![column]]))).toMatchObject({
    "app cs v+i": "1.00+0.010",
    "daemon cs v+i": "0.90+0.20",
    "to idle %": "10.0",
    "migrations / 1000": "3.00",
    "interrupts / 1000": "12.0",
    "request us, p50 / p99": "17.0 / 40.0",
    "answers by size": "4 KiB 1.00, 128 KiB 0.031",
    "device reads by size": "none",
  });
});

test.each([
  { what: "a daemon that was not counted", change: { migrations: { application: 1, daemon: null } }, column: 5 },
  { what: "a daemon whose switches are unknown", change: { switchesToIdle: { application: 211, daemon: null } }, column: 4 },
  { what: "more switches to idle than switches", change: { switchesToIdle: { application: 2111, daemon: 0 } }, column: 4 },
])("$what leaves the figure of both unknown", ({ change, column }) => {
  const cell = waiting();
  Object.assign(figuresOf(cell.counts[0]!), change);
  const [table] = schedulingTables(compare(runOf([cell])));
  expect(table!.grid[1]![column]).toBe("n/a");
});

test("a result from before this was counted has no such table", () => {
  expect(schedulingTables(compare(runOf([cellOf("fuse", { counts: [counted(0, {})] })])))).toEqual([]);
});

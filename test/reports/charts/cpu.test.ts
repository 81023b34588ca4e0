import { expect, test } from "vitest";
import type { Annotations } from "../../../reports/charts/annotations.js";
import { reportCharts } from "../../../reports/charts/charts.js";
import { compare } from "../../../reports/figures/comparison.js";
import { cellOf, runOf, timed } from "../run-of.js";

/** Seconds of 1000 reads, whose counts are of 999. */
function cell(backend: string, application: number, daemon: number | null) {
  const seconds = (value: number) => value * 999e-6;
  const cpuSeconds = { application: seconds(application), daemon: daemon === null ? null : seconds(daemon) };
  return cellOf(backend, { samples: [timed(0, 50, 4096, { cpuSeconds })] });
}

function chartOf(...cells: ReturnType<typeof cell>[]) {
  const found = reportCharts(compare(runOf(cells))).find(({ name }) => name === "cpu-rnd-rd-1th-1f-warm");
  const { datasets } = found?.config.data ?? { datasets: [] };
  const annotations = found?.config.options?.plugins?.annotations as Annotations | undefined;
  return {
    bars: datasets.map(({ label, data }) => [label, data.map((us) => us && Math.round((us as number) * 10) / 10)]),
    labels: annotations?.slots.map(({ above }) => above?.lines),
  };
}

test("the daemon's CPU time stands on the application's, in microseconds of one operation", () => {
  expect(chartOf(cell("native", 2, null), cell("fuse", 10, 30), cell("passthrough", 3, 0))).toEqual({
    bars: [
      ["application", [2, 10, 3]],
      ["daemon", [null, 30, 0]],
    ],
    labels: [["2.00"], ["30.0", "+ 10.0"], ["0.00", "+ 3.00"]],
  });
});

test("an unknown part leaves the other without a bar: a bar of one part would look like the whole", () => {
  expect(chartOf(cell("native", 2, null), cell("fuse", 10, null))).toEqual({
    bars: [
      ["application", [2, null]],
      ["daemon", [null, null]],
    ],
    labels: [["2.00"], ["n/a"]],
  });
});

test("a run without CPU time has no such chart", () => {
  expect(chartOf(cell("fuse", 10, null)).labels).toBeUndefined();
});

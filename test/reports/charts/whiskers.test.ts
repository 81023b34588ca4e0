import { describe, expect, test } from "vitest";
import type { Annotations } from "../../../reports/charts/annotations.js";
import { reportCharts } from "../../../reports/charts/charts.js";
import { NO_CLASS_COLOUR } from "../../../reports/charts/colours.js";
import { barScale } from "../../../reports/charts/whiskers.js";
import { compare } from "../../../reports/figures/comparison.js";
import { cellOf, runOf, timed } from "../run-of.js";

describe("the axis of bars with whiskers", () => {
  test.each([
    { what: "is set by the highest bar", bars: [100, 80], ends: [90], top: 100 },
    { what: "is set by a whisker of usual length", bars: [100, 80], ends: [140, 90], top: 140 },
    { what: "is not set by a long whisker", bars: [100, 80], ends: [4000, 140], top: 140 },
    { what: "leaves a cut whisker room above its bar", bars: [100, 80], ends: [4000], top: 120 },
  ])("$what", ({ bars, ends, top }) => {
    const scale = barScale(bars, ends);
    expect(scale.top).toBe(top);
    expect(scale.suggestedMax).toBeGreaterThan(top * 1.1);
    expect(scale.suggestedMax).toBeLessThan(top * 1.3);
  });
});

/** Passthrough is once 40 times as fast as native, the daemon is always 20 times as slow. */
const samples = (...us: number[]) => us.map((value, block) => timed(block, value));
const run = runOf([
  cellOf("native", { samples: samples(1, 1, 1) }),
  cellOf("fuse", { samples: samples(20, 20, 21) }),
  cellOf("passthrough", { samples: samples(1 / 40, 1.1, 1.2) }),
]);
const throughput = reportCharts(compare(run)).find(({ name }) => name.startsWith("throughput"))!;
const { slots } = throughput.config.options!.plugins!.annotations as Annotations;

describe("a throughput chart with one whisker of 4,000 %", () => {
  test("has an axis that its bars can be read on", () => {
    const y = throughput.config.options!.scales!.y as { suggestedMax: number };
    expect(y.suggestedMax).toBeLessThan(160);
  });

  test("cuts that whisker, marks it, and says how far it goes", () => {
    expect(slots[1]!.whisker).toMatchObject({ high: 120, ends: "cap and arrow" });
    expect(slots[1]!.whisker!.low).toBeCloseTo(83.33, 2);
    expect(slots[1]!.above).toEqual({ lines: ["~90.9 %", "to 4,000 %"], value: 120 });
    expect(slots[0]!.whisker!.ends).toBe("caps");
    expect(slots[0]!.above!.lines).toEqual(["5.00 %", "Red"]);
  });

  test("gives neither a class nor its colour to a ratio that can't be told from 1", () => {
    expect(throughput.config.data.datasets[0]!.backgroundColor).toEqual(["#cf3337", NO_CLASS_COLOUR]);
    expect(slots[1]!.above!.lines.join()).not.toMatch(/Green|Yellow|Orange|Red/);
  });
});

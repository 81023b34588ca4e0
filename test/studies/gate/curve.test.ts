import { describe, expect, test } from "vitest";
import { pointsOf } from "../../../studies/gate/curve.js";
import { drawn, replayed } from "../../../studies/gate/decisions.js";
import { curveChart } from "../../../studies/gate/picture.js";
import { curveTable } from "../../../studies/gate/table.js";
import { coverageOf, tallyOf } from "../../../studies/gate/tally.js";
import { seededRandom } from "../../../workloads/index.js";
import { savedRun } from "./saved-run.js";

const calm = savedRun({ rounds: 55 });
const slower = savedRun({ rounds: 55, headFactor: 1.03 });

describe("the gate's decision on a saved run", () => {
  test.each([
    { what: "of one daemon, 60 s", run: calm, budget: 60, verdict: "none slower", rounds: 6 },
    { what: "of a slower head, 60 s", run: slower, budget: 60, verdict: "regression", rounds: 6 },
    { what: "of a slower head, 15 s: two rounds tell nothing", run: slower, budget: 15, verdict: "can't tell", rounds: 2 },
    { what: "of a slower head, 10 s: the counts take them", run: slower, budget: 10, verdict: "can't tell", rounds: 0 },
  ])("$what: $verdict", ({ run, budget, verdict, rounds }) => {
    const { decision, sliceRounds, seconds } = replayed(run, budget);
    expect(decision.verdict).toBe(verdict);
    expect(sliceRounds).toBe(rounds);
    expect(seconds).toBeLessThanOrEqual(budget);
  });

  test("looks again until all can be told", () => {
    const noisy = savedRun({ rounds: 55, spread: 0.03, headFactor: 1.03 });
    const { decision, sliceRounds } = replayed(noisy, 120);
    expect(decision.verdict).toBe("regression");
    expect(sliceRounds).toBeGreaterThan(13);
  });
});

describe("decisions on drawn runs", () => {
  const verdictsOf = (outcomes: ReturnType<typeof drawn>) => new Set(outcomes.map(({ decision }) => decision.verdict));
  test("find nothing between a daemon and itself, and a slower head", () => {
    expect(verdictsOf(drawn([calm], false, 60, 40, seededRandom(3)))).toEqual(new Set(["none slower"]));
    expect(verdictsOf(drawn([slower], true, 60, 40, seededRandom(3)))).toEqual(new Set(["regression"]));
  });

  test("are tallied, with the time that they took", () => {
    const outcomes = drawn([slower], true, 60, 5, seededRandom(3));
    expect(tallyOf(outcomes)).toEqual({ decisions: 5, regressions: 5, untold: 0, medianSeconds: 34 });
    expect(tallyOf(drawn([slower], true, 15, 5, seededRandom(3)))).toMatchObject({ regressions: 0, untold: 5 });
  });

  test("have intervals, of which those that hold 1 are counted", () => {
    const { intervals, holding } = coverageOf(drawn([calm], false, 60, 200, seededRandom(3)));
    expect(intervals).toBe(400);
    expect(holding / intervals).toBeGreaterThan(0.85);
    expect(holding).toBeLessThan(intervals);
    expect(coverageOf(drawn([slower], true, 60, 20, seededRandom(3))).holding).toBe(0);
  });
});

describe("an operating curve", () => {
  const kind = { daemon: "bindfs", load: "quiet" } as const;
  const points = [
    ...pointsOf({ ...kind, effectPercent: 0 }, [calm, calm], 20, seededRandom(1)),
    ...pointsOf({ ...kind, effectPercent: 3 }, [slower], 20, seededRandom(1)),
  ];

  test("has a point for each budget, with the slowdown that was measured", () => {
    expect(points.map(({ effectPercent, budgetSeconds }) => [effectPercent, budgetSeconds])).toEqual(
      [0, 3].flatMap((effect) => [15, 30, 60, 120].map((budget) => [effect, budget])),
    );
    expect(points[2]!.measuredPercent).toBeCloseTo(0, 0);
    expect(points[6]!.measuredPercent).toBeCloseTo(3, 0);
    expect(points[2]!.whole).toMatchObject({ decisions: 2, regressions: 0, untold: 0 });
    expect(points[6]!.drawn).toMatchObject({ decisions: 20, regressions: 20 });
    expect(points[6]!.coverage).toBeNull();
  });

  test("as a table has a line for each point", () => {
    const lines = curveTable(points).split("\n");
    expect(lines).toHaveLength(2 + 8);
    expect(lines[4]!.split("|").map((text) => text.trim())).toEqual([
      "",
      "bindfs",
      "quiet",
      "0 %",
      expect.stringMatching(/^-?0\.\d %$/),
      "60 s",
      "0 of 2",
      "0 of 2",
      "0 of 20",
      "0 of 20",
      expect.stringMatching(/^\d+\.\d %$/),
      "",
    ]);
  });

  test("as a picture has a line for each daemon and load, over the effects", () => {
    const busy = points.map((point) => ({ ...point, load: "busy" as const }));
    const { config, slots, name } = curveChart([...points, ...busy], 60, "a host");
    expect([name, slots]).toEqual(["gate-60s", 2]);
    expect(config.data.labels).toEqual(["0 %", "3 %"]);
    expect(config.data.datasets.map(({ label, data }) => [label, data])).toEqual([
      ["bindfs, quiet", [0, 100]],
      ["bindfs, all cores busy", [0, 100]],
    ]);
  });
});

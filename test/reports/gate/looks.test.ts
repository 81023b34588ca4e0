import { describe, expect, test } from "vitest";
import { lookAt, ONLY_LOOK, shareAfter } from "../../../reports/gate/looks.js";

describe("the looks at a run", () => {
  test("come at a quarter of the time, at half, and at the end", () => {
    expect([0, 0.25, 0.3, 0.5, 0.9].map(shareAfter)).toEqual([0.25, 0.5, 0.5, 1, 1]);
  });

  test.each([[[0.25, 0.5, 1]], [[0.31, 0.66, 1]], [[0.6, 1]], [[1]]])(
    "at %j spend the errors of one look, together",
    (shares) => {
      const looks = shares.map((share, index) => lookAt(shares[index - 1] ?? 0, share));
      const sum = (pick: (look: (typeof looks)[number]) => number) => looks.reduce((total, look) => total + pick(look), 0);
      expect(sum(({ falseRegression }) => falseRegression)).toBeCloseTo(ONLY_LOOK.falseRegression, 15);
      expect(sum(({ missedSlowdown }) => missedSlowdown)).toBeCloseTo(ONLY_LOOK.missedSlowdown, 15);
    },
  );

  test("leave most of an error to the last", () => {
    expect(lookAt(0.5, 1).falseRegression / ONLY_LOOK.falseRegression).toBeCloseTo(0.75, 12);
    expect(lookAt(0, 0.25).falseRegression / ONLY_LOOK.falseRegression).toBeCloseTo(0.0625, 12);
  });

  test("call at most one regression in ten thousand runs where nothing changed", () => {
    expect(ONLY_LOOK).toEqual({ falseRegression: 0.0001, missedSlowdown: 0.05 });
  });
});

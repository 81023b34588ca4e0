import { describe, expect, test } from "vitest";
import { stepsOf } from "../../../reports/gate/steps.js";
import { around } from "./around.js";

describe("steps in a history", () => {
  const level = (value: number, n: number) => around(value, n, 0.01);
  test.each([
    { what: "none in noise", values: level(1, 20), at: [] },
    { what: "one", values: [...level(1, 10), ...level(1.3, 10)], at: [10] },
    { what: "up and down again", values: [...level(1, 12), ...level(2, 12), ...level(1, 12)], at: [12, 24] },
    { what: "none for an outlier", values: [...level(1, 10), 9, ...level(1, 10)], at: [] },
    { what: "none smaller than is worth reporting", values: [...level(1, 20), ...level(1.02, 20)], at: [] },
    { what: "none in too few values", values: [1, 1, 1, 9, 9, 9], at: [] },
  ])("$what", ({ values, at }) => expect(stepsOf(values).map((step) => step.at)).toEqual(at));
});

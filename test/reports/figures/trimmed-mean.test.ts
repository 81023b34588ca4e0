import { expect, test } from "vitest";
import { studentFactor, studentTail } from "../../../reports/figures/student-t.js";
import { halfWidth, trimmedMean } from "../../../reports/figures/trimmed-mean.js";

// Student's distribution, from the tables (two-sided).
test.each([
  { confidence: 0.95, degrees: 1, factor: 12.7062 },
  { confidence: 0.95, degrees: 2, factor: 4.3027 },
  { confidence: 0.95, degrees: 3, factor: 3.1824 },
  { confidence: 0.95, degrees: 4, factor: 2.7764 },
  { confidence: 0.95, degrees: 9, factor: 2.2622 },
  { confidence: 0.97, degrees: 4, factor: 3.2976 },
  { confidence: 0.97, degrees: 7, factor: 2.7146 },
  { confidence: 0.99, degrees: 30, factor: 2.75 },
])("|t| stays below $factor with $confidence, for $degrees degrees of freedom", ({ confidence, degrees, factor }) => {
  expect(studentFactor(confidence, degrees)).toBeCloseTo(factor, 4);
});

// From SciPy 1.17: stats.t.sf(t, degrees).
test.each([
  { t: 0, degrees: 5, tail: 0.5 },
  { t: 1, degrees: 1, tail: 0.25 },
  { t: -1, degrees: 1, tail: 0.75 },
  { t: 2, degrees: 2, tail: 0.0917517 },
  { t: 2.5, degrees: 7, tail: 0.0204959 },
  { t: 9, degrees: 8, tail: 9.2656e-6 },
])("t lies above $t with $tail, for $degrees degrees of freedom", ({ t, degrees, tail }) => {
  expect(studentTail(t, degrees) / tail).toBeCloseTo(1, 3);
});

const values = [1.02, 0.98, 1.01, 0.99, 1.3, 1, 1.03, 0.97, 1.015, 0.995];

// From SciPy 1.17: ttest_1samp(values, 0).confidence_interval(), trim_mean, and the formula of Tukey and McLaughlin.
test.each([
  { trimmed: 0, confidence: 0.95, centre: 1.031, halfWidth: 0.06888 },
  { trimmed: 1, confidence: 0.95, centre: 1.005, halfWidth: 0.01787 },
  { trimmed: 2, confidence: 0.97, centre: 1.005, halfWidth: 0.02193 },
])("a mean without the $trimmed farthest at each end", ({ trimmed, confidence, centre, halfWidth: half }) => {
  const found = trimmedMean(values, trimmed);
  expect(found.centre).toBeCloseTo(centre, 5);
  expect(halfWidth(found, confidence)).toBeCloseTo(half, 4);
});

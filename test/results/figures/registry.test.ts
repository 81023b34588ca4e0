import { describe, expect, test } from "vitest";
import { type FigureKey, figureKeys, parties, rowOf } from "../../../results/index.js";

/** The columns of a figure in samples.csv. */
function columnsOf(key: FigureKey): string[] {
  const { csv, of } = rowOf(key);
  if (typeof csv !== "string") return Object.values(csv);
  return of === "party" ? parties.map((party) => `${party}_${csv}`) : [csv];
}

const UNIT_IN_NAME: Readonly<Record<string, RegExp>> = {
  count: /^(?!.*_(seconds|ns|joules)$)/,
  seconds: /_seconds$/,
  joules: /_joules$/,
  bytes: /_bytes$/,
  "in the names": /_(seconds|ns|switches|requests)$/,
};

describe.each(figureKeys)("%s", (key) => {
  test("has its unit in the name of each column", () => {
    for (const column of columnsOf(key)) expect(column).toMatch(UNIT_IN_NAME[rowOf(key).unit]!);
  });

  test("is explained in sentences of 30 words at most where the table about waiting shows it", () => {
    for (const sentence of rowOf(key).waiting?.note.split(". ") ?? []) expect(sentence.split(" ").length).toBeLessThanOrEqual(30);
  });

  test("is taken out of a sample only where it was counted with the startup overhead", () => {
    const { startup, value, of } = rowOf(key);
    // An object of numbers has no difference.
    if (startup !== "none") expect([key, value.type === "number" || value.type === "record"]).toEqual([key, true]);
    if (startup === "machine" || startup === "kept") expect(of).toBe("system");
  });
});

test("no two figures share a column", () => {
  const columns = figureKeys.flatMap(columnsOf);
  expect(columns.filter((name, index) => columns.indexOf(name) !== index)).toEqual([]);
});

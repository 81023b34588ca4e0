import { expect, test } from "vitest";
import { levelTable } from "../../../studies/gate/levels.js";
import { seededRandom } from "../../../workloads/index.js";

test("simulated runs where nothing changed are seldom beyond the level: the same table for the same seed", () => {
  const table = levelTable(200, seededRandom(1));
  const lines = table.split("\n").map((line) => line.split("|").map((text) => text.trim()));
  expect(lines[0]!.slice(1, 3)).toEqual(["luck of a mount", "5 rounds"]);
  expect(lines).toHaveLength(2 + 4);
  // One of 200 runs would be 50 of ten thousand: of a level of 1 it is rare.
  for (const cells of lines.slice(2)) for (const text of cells.slice(2, -1)) expect(Number(text)).toBeLessThanOrEqual(50);
  expect(levelTable(200, seededRandom(1))).toBe(table);
});

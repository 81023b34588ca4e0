import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Generic tests that are in one of the groups. "auto&metadata" means both. */
function testsInGroups(folder: string, groups: string): string[] {
  const lines = readFileSync(join(folder, "tests/generic/group.list"), "utf8").split("\n");
  const wanted = groups.split(",").map((group) => group.split("&"));
  return lines
    .filter((line) => /^\d/.test(line))
    .map((line) => line.split(" "))
    .filter(([, ...its]) => wanted.some((all) => all.every((group) => its.includes(group))))
    .map(([number]) => `generic/${number}`);
}

/** A choice of tests. */
export interface Selection {
  readonly groups: string;
  /** These instead of the groups', separated by commas. */
  readonly tests?: string;
}

export function selectTests(folder: string, { groups, tests }: Selection): string[] {
  return tests === undefined ? testsInGroups(folder, groups) : tests.split(",");
}

/** Every M-th of the tests from the N-th on. @param part "N/M" */
export function partOf(tests: readonly string[], part: string): string[] {
  const [nth = 1, of = 1] = part.split("/").map(Number);
  return tests.filter((_, index) => index % of === nth - 1);
}

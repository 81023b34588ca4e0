import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isOf, Results } from "../../../studies/conformance/xfstests/results.js";
import { partOf, selectTests } from "../../../studies/conformance/xfstests/tests.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fusemeter-xfstests-"));
  mkdirSync(join(folder, "tests/generic"), { recursive: true });
  const list = ["# a comment", "001 auto quick", "002 auto rw", "003 auto metadata", "004 metadata", "005 auto"];
  writeFileSync(join(folder, "tests/generic/group.list"), `${list.join("\n")}\n`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("tests are selected by group, by several groups at once, or by name", () => {
  expect(selectTests(folder, { groups: "quick,rw" })).toEqual(["generic/001", "generic/002"]);
  expect(selectTests(folder, { groups: "quick,auto&metadata" })).toEqual(["generic/001", "generic/003"]);
  expect(selectTests(folder, { groups: "quick", tests: "generic/004,generic/005" })).toEqual(["generic/004", "generic/005"]);
});

test("the parts of a selection are disjoint and complete", () => {
  const all = Array.from({ length: 10 }, (_, index) => `generic/${index}`);
  const parts = ["1/3", "2/3", "3/3"].map((part) => partOf(all, part));
  expect(parts[0]).toEqual(["generic/0", "generic/3", "generic/6", "generic/9"]);
  expect(parts.flat().sort()).toEqual(all);
});

test("results of a file are there again when it is read", () => {
  const file = join(folder, "results");
  const row = { mode: "daemon", transport: "device", test: "generic/001", outcome: "failed", about: "- 1 | + 2" } as const;
  new Results(file).add(row);
  const later = new Results(file);
  later.add({ ...row, mode: "passthrough", outcome: "passed", about: "" });
  expect(new Results(file).rows).toEqual(later.rows);
  expect(later.rows.filter((one) => isOf(one, { mode: "daemon", transport: "device" }))).toEqual([row]);
  expect(readFileSync(file, "utf8").split("\n")[0]).toBe("daemon\tdevice\tgeneric/001\tfailed\t- 1 | + 2");
});

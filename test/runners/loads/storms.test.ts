import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { renamed, storms } from "../../../runners/loads/index.js";

const names = ["a", "b", "c"];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fusemeter-storms-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("create, rename and unlink change the directory, an operation a name", () => {
  expect(storms.create(folder, names)).toBe(3);
  expect(readdirSync(folder).sort()).toEqual(names);
  expect(storms.rename(folder, names)).toBe(3);
  expect(readdirSync(folder).sort()).toEqual(names.map(renamed));
  expect(storms.unlink(folder, names.map(renamed))).toBe(3);
  expect(readdirSync(folder)).toEqual([]);
});

test("create refuses a file that is there", () => {
  writeFileSync(join(folder, "b"), "content");
  expect(() => storms.create(folder, names)).toThrow("EEXIST");
  expect(readFileSync(join(folder, "b"), "utf8")).toBe("content");
});

test.each(["stat", "open", "openAndRead", "readFile"] as const)(
  "%s touches each name, and fails where one is missing",
  (storm) => {
    for (const name of names) writeFileSync(join(folder, name), "content");
    expect(storms[storm](folder, names)).toBe(3);
    expect(() => storms[storm](folder, [...names, "d"])).toThrow("ENOENT");
  },
);

test("readlink reads links alone", () => {
  mkdirSync(join(folder, "links"));
  for (const name of names) symlinkSync(name, join(folder, "links", name));
  expect(storms.readlink(join(folder, "links"), names)).toBe(3);
  expect(() => storms.readlink(folder, ["links"])).toThrow("EINVAL");
});

test("a stat of missing names finds none and makes none", () => {
  expect(storms.statOfMissing(folder, names)).toBe(3);
  expect(existsSync(join(folder, "a"))).toBe(false);
});

test("a listing has an operation a name", () => {
  storms.create(folder, names);
  expect(storms.readdir(folder)).toBe(3);
});

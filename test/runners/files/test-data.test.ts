import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeTestFile } from "../../../runners/files/test-data.js";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fusemeter-test-data-"));
  file = join(folder, "file");
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each([1, 4096, 4 * 1024 * 1024, 9_000_001])("exactly %i bytes", async (sizeBytes) => {
  await makeTestFile(file, sizeBytes);
  expect(statSync(file).size).toBe(sizeBytes);
  expect(readdirSync(folder)).toEqual(["file"]);
});

test("no block can be compressed or is there twice", async () => {
  await makeTestFile(file, 8 * 1024 * 1024);
  const data = readFileSync(file);
  const blocks = Array.from({ length: data.length / 4096 }, (_, index) => data.subarray(index * 4096, (index + 1) * 4096));
  expect(new Set(blocks.map((block) => block.toString("latin1"))).size).toBe(blocks.length);
  expect(gzipSync(data, { level: 1 }).length).toBeGreaterThan(data.length * 0.99);
});

test("a file of the same size that was made here is kept", async () => {
  await makeTestFile(file, 100_000);
  const before = readFileSync(file);
  await makeTestFile(file, 100_000);
  expect(readFileSync(file).equals(before)).toBe(true);
});

test.each([
  ["another size", Buffer.from("fusemeter test data 1\n")],
  ["other content", Buffer.alloc(100_000, "x")],
])("a file of %s is replaced", async (_, content) => {
  writeFileSync(file, content);
  await makeTestFile(file, 100_000);
  expect(statSync(file).size).toBe(100_000);
  expect(readFileSync(file).includes("xxxx")).toBe(false);
});

test("aborting leaves no file", async () => {
  const controller = new AbortController();
  const onFraction = () => controller.abort(new Error("stop"));
  await expect(makeTestFile(file, 64 * 1024 * 1024, { signal: controller.signal, onFraction })).rejects.toThrow("stop");
  expect(readdirSync(folder)).toEqual([]);
});

test("no room is bad use, said before a byte is written", async () => {
  await expect(makeTestFile(file, 2 ** 52)).rejects.toMatchObject({ code: "NO_ROOM", fault: "use" });
  expect(readdirSync(folder)).toEqual([]);
});

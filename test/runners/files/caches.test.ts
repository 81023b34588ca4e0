import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { countCachedPages } from "../../../linux/libc/page-cache.js";
import { pageSizeBytes } from "../../../linux/libc/page-size.js";
import { mountOf } from "../../../linux/mounts/mountinfo.js";
import { readDeviceReads } from "../../../runners/counters/system-counters.js";
import { makeCold, makeWarm } from "../../../runners/files/caches.js";
import { makeTestFile } from "../../../runners/files/test-data.js";

// On the repository's filesystem, not in /tmp, which may live in memory: there no file is ever cold.
const folder = mkdtempSync(join(import.meta.dirname, "..", "..", "..", "node_modules", ".fusemeter-test-caches-"));
const [one, other] = [join(folder, "one"), join(folder, "other")];
const sizeBytes = 8 * 1024 * 1024 + 100;
const pages = Math.ceil(sizeBytes / pageSizeBytes);

beforeAll(async () => {
  await makeTestFile(one, sizeBytes);
  await makeTestFile(other, sizeBytes);
});
afterAll(() => rmSync(folder, { recursive: true }));

function cachedPages(file: string): number {
  const fd = openSync(file, "r");
  try {
    return countCachedPages(fd);
  } finally {
    closeSync(fd);
  }
}

test("a warm file has every page in the cache", async () => {
  await makeCold(one);
  const fractions: number[] = [];
  expect(await makeWarm(one, (fraction) => fractions.push(fraction))).toBeNull();
  expect(cachedPages(one)).toBe(pages);
  expect(fractions.at(-1)).toBe(1);
});

test("making one file cold leaves the other one warm", async () => {
  await makeWarm(one);
  await makeWarm(other);
  expect(await makeCold(one)).toBeNull();
  expect(cachedPages(one)).toBe(0);
  expect(cachedPages(other)).toBe(pages);
});

test("reading a cold file reads the device", async () => {
  await makeCold(one);
  const device = mountOf(one);
  const before = readDeviceReads(device);
  if (before === null) return expect(device.major).toBe(0);
  await makeWarm(one);
  expect(readDeviceReads(device)!.bytes - before.bytes).toBeGreaterThanOrEqual(sizeBytes);
});

test("a file that is warm already is not read again", async () => {
  await makeWarm(one);
  let reads = 0;
  await makeWarm(one, () => reads++);
  expect(reads).toBe(0);
});

test("a file in memory can't be cold, and that is an error", async () => {
  const inMemory = join(mkdtempSync("/dev/shm/fusemeter-test-"), "file");
  try {
    await makeTestFile(inMemory, 1024 * 1024);
    await expect(makeCold(inMemory)).rejects.toMatchObject({ code: "NOT_COLD", fault: "host" });
  } finally {
    rmSync(join(inMemory, ".."), { recursive: true });
  }
});

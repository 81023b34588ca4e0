import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countCachedPages } from "../../../linux/libc/page-cache.js";
import { makeCold, makeWarm } from "../../../runners/files/caches.js";
import { makeTestFile } from "../../../runners/files/test-data.js";
import { startSliceReader } from "../../../runners/slices/slice-reader.js";
import { BLOCK, jobOn, nativeOn, readerWith } from "./on-reader.js";

// On the repository's filesystem: in memory no file is ever cold.
const folder = mkdtempSync(join(import.meta.dirname, "..", "..", "..", "node_modules", ".fusemeter-test-slices-"));
const file = join(folder, "file");
const MIB = 2 ** 20;
const BYTES = 32 * MIB;

beforeAll(() => makeTestFile(file, BYTES));
afterAll(() => rmSync(folder, { recursive: true }));

function cachedBlocks(path: string): number {
  const fd = openSync(path, "r");
  try {
    return countCachedPages(fd);
  } finally {
    closeSync(fd);
  }
}

const numberIn = (text: string, name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)![1]);

/** Page faults that no disk served, of the first thread of a process, so far: field 10 of proc_pid_stat(5). */
const faultsOf = (pid: number) =>
  Number(
    readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ")[7],
  );

describe("the reader's process", () => {
  test.each([
    ["one reader", 1],
    ["four readers", 4],
  ])("reads no block twice in a pass: %s", async (_, readers) => {
    await makeCold(file);
    // Without readahead the cache holds what was read, and no more.
    await using reader = await readerWith(jobOn(BYTES, [nativeOn(file, { advice: "random" })], { readers }));
    const { operations, failure } = await reader.prove(0, 400);
    expect(failure).toBeNull();
    expect(operations).toBeGreaterThanOrEqual(400);
    expect(operations).toBeLessThan(BYTES / BLOCK / 16);
    expect(cachedBlocks(file)).toBe(operations);
  });

  test("reads blocks in sequence, each once", async () => {
    await makeCold(file);
    const contender = nativeOn(file, { advice: "random" });
    await using reader = await readerWith(jobOn(BYTES, [contender], { pattern: "sequential" }));
    const { operations, failure } = await reader.prove(0, 400);
    expect(failure).toBeNull();
    expect(cachedBlocks(file)).toBe(operations);
  });

  test("takes every cold read from the disk", async () => {
    await makeWarm(file);
    await using reader = await readerWith(jobOn(BYTES, [nativeOn(file, { advice: "random" })], { cache: "cold" }));
    const readBytes = () => numberIn(readFileSync(`/proc/${reader.pid}/io`, "utf8"), "read_bytes");
    const before = readBytes();
    const { operations, failure } = await reader.prove(0, 3000);
    expect(failure).toBeNull();
    expect(readBytes() - before).toBe(operations * BLOCK);
  });

  test("faults at every read of a mapping, in later passes too", async () => {
    await makeWarm(file);
    await using reader = await readerWith(jobOn(BYTES, [nativeOn(file, { access: "mmap" })]));
    await reader.prove(0, 64);
    const before = faultsOf(reader.pid);
    const { operations, failure } = await reader.prove(0, 3000);
    expect(failure).toBeNull();
    expect((faultsOf(reader.pid) - before) / operations).toBeGreaterThan(0.99);
  });

  test("writes reach the file", async () => {
    const written = join(folder, "written");
    await makeTestFile(written, 4 * MIB);
    const before = readFileSync(written);
    await makeWarm(written);
    const job = jobOn(4 * MIB, [nativeOn(written)], { operation: "write", pattern: "sequential" });
    await using reader = await readerWith(job);
    const { operations, failure } = await reader.prove(0, 40);
    expect(failure).toBeNull();
    expect(operations).toBeLessThan((4 * MIB) / BLOCK);
    const after = readFileSync(written);
    // The reader writes zeros: one block after the other, and nothing beside them.
    const start = after.indexOf(Buffer.alloc(BLOCK));
    const end = start + operations * BLOCK;
    expect(start % BLOCK).toBe(0);
    expect(after.subarray(start, end).every((byte) => byte === 0)).toBe(true);
    expect(after.subarray(0, start).equals(before.subarray(0, start))).toBe(true);
    expect(after.subarray(end).equals(before.subarray(end))).toBe(true);
  });

  test.each([1, 4])("its own cost is there, and less than a read, with %i readers", async (readers) => {
    await makeWarm(file);
    await using reader = await readerWith(jobOn(BYTES, [nativeOn(file), nativeOn(file)], { readers }));
    const { operations } = await reader.size(1);
    const { contenders, ownNsPerOperation } = await reader.turns(20, operations);
    expect(ownNsPerOperation).toBeGreaterThan(0);
    for (const { failure, nsPerOperation, cpuNsPerOperation, p50Ns, p99Ns } of contenders) {
      expect(failure).toBeNull();
      expect(nsPerOperation).toHaveLength(20);
      for (const ns of [...nsPerOperation, ...cpuNsPerOperation]) expect(ns).toBeGreaterThan(ownNsPerOperation);
      expect(p50Ns).toBeGreaterThan(ownNsPerOperation);
      expect(p99Ns).toBeGreaterThanOrEqual(p50Ns);
    }
  });

  test("a warm file that leaves the page cache fails the slices", async () => {
    await makeWarm(file);
    await using reader = await readerWith(jobOn(BYTES, [nativeOn(file)]));
    const { operations } = await reader.size(1);
    await makeCold(file);
    const { contenders } = await reader.turns(2, operations);
    expect(contenders[0]!.failure).toMatch(/of 8192 pages of the source file are in the page cache/);
  });

  test("a file without room for a slice is a failure that says so", async () => {
    const small = join(folder, "small");
    await makeTestFile(small, MIB);
    const rest = { pattern: "sequential", ioSizeBytes: MIB / 8, windowBytes: 2 * MIB, readers: 4 } as const;
    const job = jobOn(MIB, [nativeOn(small)], rest);
    await using reader = await readerWith(job);
    const { operations } = await reader.size(1);
    const { contenders } = await reader.turns(3, operations);
    expect(contenders[0]!.failure).toMatch(/too small for slices/);
  });

  test("a file that is missing fails its contender alone", async () => {
    await makeWarm(file);
    await using reader = await readerWith(jobOn(BYTES, [nativeOn(join(folder, "missing")), nativeOn(file)]));
    const { operations } = await reader.size(1);
    const { contenders } = await reader.turns(3, operations);
    expect(contenders.map(({ failure }) => failure)).toEqual(["open: ENOENT", null]);
    expect(contenders[0]!.nsPerOperation).toEqual([null, null, null]);
  });

  test("a file that shrinks fails its contender alone", async () => {
    const shrunk = join(folder, "shrunk");
    await makeTestFile(shrunk, BYTES);
    await makeWarm(file);
    await using reader = await readerWith(jobOn(BYTES, [nativeOn(shrunk), nativeOn(file)]));
    const { operations } = await reader.size(1);
    truncateSync(shrunk, 0);
    const { contenders } = await reader.turns(3, operations);
    expect(contenders.map(({ failure }) => failure)).toEqual(["EIO", null]);
  });

  test("a reader that SIGBUS ends is named with it", async () => {
    const shrunk = join(folder, "mapped");
    await makeTestFile(shrunk, BYTES);
    await using reader = await readerWith(jobOn(BYTES, [nativeOn(shrunk, { access: "mmap" })]));
    truncateSync(shrunk, 0);
    await expect(reader.size(1)).rejects.toThrow(/the reader of slices failed: .*SIGBUS/);
    expect(reader.hasEnded()).toBe(true);
  });

  test("lines longer than a pipe's buffer arrive whole", async () => {
    await makeWarm(file);
    const many = Array.from({ length: 300 }, () => nativeOn(`${folder}/${"./".repeat(400)}file`));
    await using reader = await readerWith(jobOn(BYTES, many));
    const { contenders } = await reader.turns(40, new Array(300).fill(1));
    expect(contenders).toHaveLength(300);
    expect(contenders.flatMap(({ failure }) => failure ?? [])).toEqual([]);
  });

  test("a command without a job is refused, and the next job goes on", async () => {
    await makeWarm(file);
    await using reader = await startSliceReader(new AbortController().signal);
    await expect(reader.size(1)).rejects.toThrow("no job is open");
    await reader.open(jobOn(BYTES, [nativeOn(file)]));
    expect((await reader.prove(0, 16)).failure).toBeNull();
  });

  test("an abort ends it", async () => {
    const controller = new AbortController();
    const reader = await startSliceReader(controller.signal);
    await makeWarm(file);
    await reader.open(jobOn(BYTES, [nativeOn(file)]));
    const turns = reader.turns(10_000, [5000]);
    controller.abort("SIGINT");
    await expect(turns).rejects.toBe("SIGINT");
    await reader[Symbol.asyncDispose]();
    expect(reader.hasEnded()).toBe(true);
  });
});

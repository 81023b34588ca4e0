import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { Loader, type LoaderOptions, prefetchOrder, TraceRecorder } from "../../../lazy/loader/index.js";
import { type Manifest, manifestOfDirectory } from "../../../lazy/manifest/index.js";
import { Store } from "../../../lazy/store/index.js";
import { Errno } from "../../../linux/libc/errno.js";
import { describeTree } from "../content.js";
import { GatedOrigin, settled } from "../gated-origin.js";
import { Random } from "../random.js";
import { scratch } from "../scratch.js";

const CHUNK = 65_536;
const isRoot = process.getuid!() === 0;

let source = "";
let manifest: Manifest;
let store: Store;
let origin: GatedOrigin;

/** Two files: `a` has chunks 0 to 7, `b` has 8 to 11. */
beforeEach(async () => {
  source = scratch();
  writeFileSync(join(source, "a"), new Random(1).bytes(8 * CHUNK));
  writeFileSync(join(source, "b"), new Random(2).bytes(3 * CHUNK + 10));
  manifest = manifestOfDirectory(source, CHUNK);
  if (!isRoot) return;
  store = await Store.open(join(scratch(), "store"), manifest);
  origin = new GatedOrigin(source);
});

afterEach(async () => {
  if (isRoot) await store.close();
});

function start(options: Partial<LoaderOptions> = {}): Loader {
  const loader = new Loader(store, origin, manifest, { readTimeoutMs: null, backgroundRate: null, prefetch: [], ...options });
  onTestFinished(() => loader.stop());
  loader.start();
  return loader;
}

const never = new AbortController().signal;

function read(loader: Loader, file: string, firstChunk: number, sizeBytes: number, signal = never): Promise<number> {
  const ino = statSync(join(store.tree, file), { bigint: true }).ino;
  return loader.waitFor({ ino, offset: firstChunk * CHUNK, sizeBytes, pid: process.pid }, signal);
}

describe.skipIf(!isRoot)("a loader", () => {
  test("fetches everything in the order of its places, and seals the store", async () => {
    const loader = start();
    origin.always = () => "given";
    for (const number of [...origin.asked]) await origin.decide(number);
    await loader.complete;
    expect(store.isSealed).toBe(true);
    expect([...origin.fetches]).toEqual(manifest.chunks.map(({ number }) => [number, 1]));
    expect(describeTree(store.tree)).toEqual(describeTree(source));
    expect(loader.status).toMatchObject({ arrivedChunks: 12, totalChunks: 12, isSealed: true, fetching: 0, waits: [] });
  });

  test("has a read wait for its own chunks alone", async () => {
    const loader = start({ backgroundRate: 0 });
    const waiting = read(loader, "a", 5, 10);
    expect(origin.asked).toEqual([5]);
    expect(loader.status.waits).toMatchObject([{ path: "a", offset: 5 * CHUNK, sizeBytes: 10, pid: process.pid }]);
    await origin.decide(5);
    expect(await waiting).toBe(0);
    expect(loader.status.waits).toEqual([]);
    expect(loader.past.last).toMatchObject([{ path: "a", end: "arrived" }]);
    expect(await read(loader, "a", 5, 10)).toBe(0);
    expect(origin.counts.requests).toBe(1);
  });

  test("has a read over a boundary wait for both chunks", async () => {
    const loader = start({ backgroundRate: 0 });
    let result: number | null = null;
    void read(loader, "a", 2.5, CHUNK).then((errno) => {
      result = errno;
    });
    expect(origin.asked).toEqual([2, 3]);
    await origin.decide(3);
    expect(result).toBeNull();
    await origin.decide(2);
    expect(result).toBe(0);
  });

  test("joins equal reads, and reads of what is under way for another reason", async () => {
    const loader = start();
    const [first] = origin.asked;
    const waiting = [
      read(loader, "a", first!, 1),
      read(loader, "a", first!, CHUNK),
      read(loader, "a", 7, 1),
      read(loader, "a", 7, 9),
    ];
    expect(origin.asked.filter((number) => number === 7)).toEqual([7]);
    await origin.decide(first!);
    await origin.decide(7);
    expect(await Promise.all(waiting)).toEqual([0, 0, 0, 0]);
    expect([...origin.fetches.values()].every((count) => count === 1)).toBe(true);
  });

  test("fetches what is waited for first, then the trace, then the rest", async () => {
    const loader = start({ prefetch: [9, 3] });
    expect(origin.asked.slice(0, 2)).toEqual([9, 3]);
    void read(loader, "b", 2, 1);
    expect(origin.asked).toContain(10);
    // While somebody waits, the rest does not begin.
    const before = [...origin.asked];
    await origin.decide(9);
    expect(origin.asked).toEqual(before.filter((number) => number !== 9));
    await origin.decide(10);
    // A while after the last read, the rest goes on.
    while (origin.asked.length === 2) await settled();
    expect(origin.asked).toEqual([3, 0, 1]);
  });

  test("keeps a place free for the next reader, and never has more fetches under way than the origin wants", async () => {
    const loader = start();
    expect(origin.asked).toEqual([0, 1, 2]);
    for (let chunk = 0; chunk < 8; chunk++) void read(loader, "a", chunk, 1);
    expect(origin.asked.length).toBe(origin.concurrency);
    for (let chunk = 0; chunk < 8; chunk++) await origin.decide(origin.asked[0]!);
    expect(origin.most).toBe(origin.concurrency);
  });

  test("fetches only what is waited for at a rate of 0, until all is wanted", async () => {
    const loader = start({ backgroundRate: 0 });
    await settled();
    expect(origin.asked).toEqual([]);
    loader.finish();
    expect(origin.asked).toEqual([0, 1, 2]);
  });

  test("limits the rest, and not what is waited for", async () => {
    const loader = start({ backgroundRate: 1 });
    expect(origin.asked).toEqual([0]);
    await origin.decide(0);
    expect(origin.asked).toEqual([]);
    void read(loader, "a", 4, 2 * CHUNK);
    expect(origin.asked).toEqual([4, 5]);
  });

  test("lets a read be interrupted", async () => {
    const loader = start({ backgroundRate: 0 });
    const controller = new AbortController();
    const waiting = read(loader, "a", 1, 1, controller.signal);
    controller.abort();
    expect(await waiting).toBe(Errno.EINTR);
    expect(loader.past.last).toMatchObject([{ end: "interrupted" }]);
    // It arrives all the same.
    await origin.decide(1);
    expect(store.has(1)).toBe(true);
  });

  test("fails a read after the time limit, and has it wait anew when asked again", async () => {
    const loader = start({ backgroundRate: 0, readTimeoutMs: 20 });
    expect(await read(loader, "a", 1, 1)).toBe(Errno.EIO);
    const again = read(loader, "a", 1, 1);
    await origin.decide(1);
    expect(await again).toBe(0);
    expect(origin.fetches.get(1)).toBe(1);
    expect(loader.past.last.map(({ end }) => end)).toEqual(["timeout", "arrived"]);
  });

  test("tries again what was not available, and the reader waits on", async () => {
    const loader = start({ backgroundRate: 0 });
    const waiting = read(loader, "a", 1, 1);
    await origin.decide(1, "unavailable");
    origin.always = () => "given";
    expect(await waiting).toBe(0);
    expect(origin.fetches.get(1)).toBe(2);
    expect(loader.status.failures).toEqual({ count: 1, last: "chunk 1 is unavailable" });
  });

  test("refuses a read of what the origin refuses, and tries again when asked again", async () => {
    const loader = start({ backgroundRate: 0 });
    const waiting = read(loader, "a", 0, 2 * CHUNK);
    await origin.decide(1, "refused");
    expect(await waiting).toBe(Errno.EIO);
    const again = read(loader, "a", 1, 1);
    await origin.decide(1);
    expect(await again).toBe(0);
    await origin.decide(0);
    expect(loader.past.last.map(({ end }) => end)).toEqual(["failed", "arrived"]);
  });

  test("fetches wrong content again before it refuses a read", async () => {
    const loader = start({ backgroundRate: 0 });
    origin.always = () => "corrupt";
    expect(await read(loader, "a", 1, 1)).toBe(Errno.EIO);
    expect(origin.fetches.get(1)).toBe(3);
    expect(store.has(1)).toBe(false);
  });

  test("goes on with the rest while a chunk that somebody waits for can't be had", async () => {
    const loader = start({ backgroundRate: 0 });
    void read(loader, "a", 1, 1);
    await origin.decide(1, "unavailable");
    loader.finish();
    expect(origin.asked).toEqual([0, 2, 3]);
  });

  test("asks a stream for one chunk after the other", async () => {
    origin = new GatedOrigin(source, { isSequential: true, concurrency: 1 });
    const loader = start({ backgroundRate: 0 });
    const waiting = read(loader, "a", 2, 1);
    const order: number[] = [];
    while (origin.asked.length > 0) {
      order.push(origin.asked[0]!);
      await origin.decide(origin.asked[0]!);
    }
    expect(order).toEqual([0, 1, 2]);
    expect(await waiting).toBe(0);
  });

  test("fails the reads that wait when it is stopped", async () => {
    const loader = start({ backgroundRate: 0 });
    const waiting = read(loader, "a", 1, 1);
    loader.stop();
    expect(await waiting).toBe(Errno.EIO);
  });

  test("a trace has each chunk once, at its first read, and orders the next start", async () => {
    const file = join(scratch(), "trace");
    using recorder = new TraceRecorder(file, (chunk) => store.pathOfChunk(chunk));
    const loader = start({ backgroundRate: 0, onWait: (_read, chunks) => recorder.note(chunks) });
    void read(loader, "b", 1, 2 * CHUNK);
    void read(loader, "a", 6, 1);
    void read(loader, "b", 2, 1);
    expect(readFileSync(file, "utf8").trimEnd().split("\n")).toHaveLength(4);
    expect(prefetchOrder(manifest, file)).toEqual([9, 10, 6]);
    // Of another manifest of the same files, it means the chunks in its ranges.
    const finer = manifestOfDirectory(source, CHUNK / 2);
    expect(prefetchOrder(finer, file)).toEqual([18, 19, 20, 21, 12, 13]);
  });

  test("the files that the layer's author wants first come after the trace", () => {
    const landmarks: Manifest = { ...manifest, prefetch: ["b"] };
    expect(prefetchOrder(landmarks, null)).toEqual([8, 9, 10, 11]);
  });

  test.each([
    ["no file", null],
    ["another file", "hello\n"],
    ["a line that is none", '{"format":"fusemeter-trace","version":1}\n{"path":7}\n'],
  ])("%s is refused as a trace", (_what, text) => {
    const file = join(scratch(), "trace");
    if (text !== null) writeFileSync(file, text);
    expect(() => prefetchOrder(manifest, file)).toThrow("can't be used as a trace");
  });
});

import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chownSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { type Chunk, linesOf, type Manifest, manifestOfDirectory, readManifest } from "../../../lazy/manifest/index.js";
import { Store } from "../../../lazy/store/index.js";
import { setAttribute } from "../../../linux/libc/extended-attributes.js";
import { bytesOf, chunksOf, describeTree } from "../content.js";
import { scratch } from "../scratch.js";
import { plant } from "../trees.js";

const isRoot = process.getuid!() === 0;

let source = "";
let manifest: Manifest;
let place = "";

beforeEach(() => {
  source = scratch();
  place = scratch();
  plant(source, { smallFiles: 20, largeBytes: 1_500_000 });
  setAttribute(join(source, "large"), "user.note", Buffer.from("kept"));
  if (isRoot) {
    chownSync(join(source, "empty"), 1234, 4321);
    execFileSync("chmod", ["4755", join(source, "zeros")]);
    // CAP_NET_RAW of getcap(8), as VFS_CAP_REVISION_2.
    const capability = Buffer.from("0100000200200000000000000000000000000000", "hex");
    expect(setAttribute(join(source, "large"), "security.capability", capability)).toBe(0);
  }
  execFileSync("touch", ["-d", "2001-02-03T04:05:06.789Z", join(source, "large"), join(source, "small/deep"), source]);
  manifest = manifestOfDirectory(source, 65_536);
});

async function open(path = join(place, "store"), of = manifest): Promise<Store> {
  const store = await Store.open(path, of);
  onTestFinished(() => store.close());
  return store;
}

const put = async (store: Store, chunks: readonly Chunk[]) => {
  for (const chunk of chunks) await store.put(chunk, bytesOf(source, chunk));
};

/** A copy of a store as it is on the disk now: what a process that was killed would leave. */
function copied(path: string): string {
  const copy = join(place, `copy-${readdirSync(place).length}`);
  execFileSync("cp", ["-a", "--sparse=always", path, copy]);
  return copy;
}

const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: { code?: string }) => error.code,
  );

describe.skipIf(!isRoot)("a store", () => {
  test("is the tree itself when all has arrived", async () => {
    const store = await open();
    await put(store, manifest.chunks.toReversed());
    expect(store.isComplete).toBe(true);
    await store.seal();
    expect(store.arrivedBytes).toBe(store.totalBytes);
    expect(describeTree(store.tree)).toEqual(describeTree(source));
  });

  test("shows sizes, modes and times before anything has arrived", async () => {
    const store = await open();
    expect(store.arrivedChunks).toBe(0);
    const made = statSync(join(store.tree, "large"));
    expect([made.size, made.mtime.toISOString()]).toEqual([1_500_000, "2001-02-03T04:05:06.789Z"]);
    expect(statSync(join(store.tree, "zeros")).mode & 0o7777).toBe(0o4755);
  });

  test("can be reached by its owner alone", async () => {
    mkdirSync(join(place, "store"), { mode: 0o755 });
    const store = await open();
    expect(statSync(store.path).mode & 0o777).toBe(0o700);
  });

  test("goes on after a SIGKILL with every chunk that was put, synchronized or not", async () => {
    const store = await open();
    await put(store, manifest.chunks.slice(0, 4));
    await store.synchronize();
    await put(store, manifest.chunks.slice(4, 9));
    const again = await open(copied(store.path));
    expect(manifest.chunks.filter(({ number }) => again.has(number)).map(({ number }) => number)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8,
    ]);
    expect(again.missing(0n, 0, 1)).toEqual([]);
    await put(again, manifest.chunks.slice(9));
    await again.seal();
    expect(describeTree(again.tree)).toEqual(describeTree(source));
    expect((await open(copied(again.path))).isSealed).toBe(true);
  });

  test("forgets chunks whose data a power failure has taken, and keeps those that were synchronized", async () => {
    const store = await open();
    const chunks = chunksOf(manifest, "large");
    await put(store, chunks.slice(0, 4));
    await store.synchronize();
    await put(store, chunks.slice(4, 8));
    const copy = copied(store.path);
    const file = join(copy, "tree/large");
    const { mtime } = statSync(file);
    // Of the four that were not synchronized the disk has the first alone.
    truncateSync(file, chunks[5]!.offset);
    truncateSync(file, 1_500_000);
    execFileSync("touch", ["-d", mtime.toISOString(), file]);
    const again = await open(copy);
    const kept = chunks.map(({ number }) => again.has(number));
    expect(kept.slice(0, 8)).toEqual([true, true, true, true, true, false, false, false]);
    // It remembers that, too.
    const third = await open(copied(copy));
    expect(chunks.map(({ number }) => third.has(number))).toEqual(kept);
  });

  test.each([
    ["a record cut in two", (journal: string) => truncateSync(journal, statSync(journal).size - 5)],
    ["random bytes", (journal: string) => appendFileSync(journal, Buffer.alloc(333, 7))],
    ["zeros", (journal: string) => appendFileSync(journal, Buffer.alloc(4096))],
    ["a record twice", (journal: string) => appendFileSync(journal, readFileSync(journal).subarray(64, 80))],
  ])("does not believe %s at the end of the journal", async (_what, harm) => {
    const store = await open();
    await put(store, manifest.chunks.slice(0, 3));
    const copy = copied(store.path);
    harm(join(copy, "journal"));
    const again = await open(copy);
    expect(again.has(0) && again.has(1)).toBe(true);
    expect(again.arrivedChunks).toBeLessThanOrEqual(3);
    await put(again, manifest.chunks);
    await again.seal();
    expect(describeTree(again.tree)).toEqual(describeTree(source));
  });

  test("is made anew where its making was cut short", async () => {
    const path = join(place, "store");
    mkdirSync(join(path, "tree/half"), { recursive: true });
    writeFileSync(join(path, "making"), "");
    const store = await open(path);
    await put(store, manifest.chunks);
    await store.seal();
    expect(describeTree(store.tree)).toEqual(describeTree(source));
  });

  test("mends attributes that a power failure has taken", async () => {
    const store = await open();
    await put(store, chunksOf(manifest, "large"));
    const copy = copied(store.path);
    execFileSync("chmod", ["0777", join(copy, "tree/zeros")]);
    execFileSync("touch", [join(copy, "tree/large")]);
    const again = await open(copy);
    expect(statSync(join(again.tree, "zeros")).mode & 0o7777).toBe(0o4755);
    expect(statSync(join(again.tree, "large")).mtime.toISOString()).toBe("2001-02-03T04:05:06.789Z");
  });

  test("serves one process at a time", async () => {
    const store = await open();
    expect(await errorOf(Store.open(store.path, manifest))).toBe("STORE_IN_USE");
  });

  test("is refused in a directory that holds something else", async () => {
    writeFileSync(join(place, "mine"), "");
    expect(await errorOf(Store.open(place, manifest))).toBe("STORE_NOT_EMPTY");
    expect(await errorOf(Store.open(join(place, "mine"), manifest))).toBe("STORE_NOT_A_DIRECTORY");
  });

  test("belongs to one tree", async () => {
    const store = await open();
    writeFileSync(join(source, "small/more"), "more");
    const other = manifestOfDirectory(source, 65_536);
    expect(await errorOf(Store.open(copied(store.path), other))).toBe("STORE_DAMAGED");
  });

  test("is the same tree's, whether its manifest was made or read", async () => {
    const store = await open();
    await put(store, manifest.chunks.slice(0, 2));
    const file = join(place, "manifest");
    writeFileSync(file, [...linesOf(manifest)].join(""));
    const again = await open(copied(store.path), await readManifest(file));
    expect(again.arrivedChunks).toBe(2);
  });

  const secret = () => join(place, "secret");
  const replace = (path: string, by: (path: string) => void) => {
    rmSync(path, { recursive: true });
    by(path);
  };
  test.each<readonly [what: string, harm: (store: string) => void]>([
    ["a file that is a symbolic link", (store) => replace(join(store, "tree/large"), (path) => symlinkSync(secret(), path))],
    [
      "a file that is another's by a hard link",
      (store) => replace(join(store, "tree/empty"), (path) => linkSync(secret(), path)),
    ],
    ["a file with one name more", (store) => linkSync(join(store, "tree/zeros"), join(store, "aside"))],
    ["a file that is a FIFO", (store) => replace(join(store, "tree/large"), (path) => void execFileSync("mkfifo", [path]))],
    ["a file of another size", (store) => truncateSync(join(store, "tree/large"), 1_499_999)],
    ["a missing file", (store) => unlinkSync(join(store, "tree/zeros"))],
    [
      "a directory that is a symbolic link",
      (store) => {
        renameSync(join(store, "tree/small"), join(place, "elsewhere"));
        symlinkSync(join(place, "elsewhere"), join(store, "tree/small"));
      },
    ],
    [
      "a tree that is a symbolic link",
      (store) => {
        renameSync(join(store, "tree"), join(place, "elsewhere"));
        symlinkSync(join(place, "elsewhere"), join(store, "tree"));
      },
    ],
    ["a journal that is a FIFO", (store) => replace(join(store, "journal"), (path) => void execFileSync("mkfifo", [path]))],
    ["a journal that is a symbolic link", (store) => replace(join(store, "journal"), (path) => symlinkSync(secret(), path))],
    ["a journal that is a directory", (store) => replace(join(store, "journal"), (path) => void mkdirSync(path))],
    ["an empty journal", (store) => truncateSync(join(store, "journal"), 0)],
    ["a journal of zeros", (store) => writeFileSync(join(store, "journal"), Buffer.alloc(4096))],
  ])("is refused with %s, and nothing outside of it is touched", async (_what, harm) => {
    writeFileSync(secret(), "not theirs");
    const store = await open();
    await put(store, manifest.chunks.slice(0, 2));
    const copy = copied(store.path);
    harm(copy);
    expect(await errorOf(Store.open(copy, manifest))).toBe("STORE_DAMAGED");
    expect(readFileSync(secret(), "utf8")).toBe("not theirs");
  });
});

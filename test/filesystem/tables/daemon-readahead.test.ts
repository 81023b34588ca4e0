import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canMount } from "../can-mount.js";
import { runProgram, startDaemon, temporaryDirectory } from "../daemon.js";
import { offerRings, transports } from "../transports.js";

const PAGE = 4096;
/** No whole number of pages, so that the end of the file is pushed or read as it is. */
const FILE_BYTES = 8 * 2 ** 20 + 777;
const PAGES = Math.ceil(FILE_BYTES / PAGE);

const source = temporaryDirectory();
const content = Buffer.alloc(
  FILE_BYTES,
  Uint8Array.from({ length: 9973 }, (_, index) => index * 31),
);
beforeAll(() => writeFileSync(join(source, "file"), content));
afterAll(() => rmSync(source, { recursive: true }));

/** Reads pages one by one, in the given order: the data, each page at its place. */
async function readPages(file: string, pages: readonly number[]): Promise<Buffer> {
  const found = Buffer.alloc(FILE_BYTES);
  // Not by readSync: the daemon's debug lines must be taken meanwhile.
  await using handle = await open(file, "r");
  for (const page of pages) await handle.read(found, page * PAGE, Math.min(PAGE, FILE_BYTES - page * PAGE), page * PAGE);
  return found;
}

const inOrder = Array.from({ length: PAGES }, (_, page) => page);

async function countReads(transport: string, words: readonly string[], pages: readonly number[]) {
  const daemon = await startDaemon(["--mode", "daemon", "--transport", transport, "--debug", ...words], source);
  const found = await readPages(join(daemon.mountpoint, "file"), pages);
  await daemon[Symbol.asyncDispose]();
  return { found, reads: daemon.errors().match(/rx \d+: READ /g)?.length ?? 0 };
}

const pushing = ["--daemon-readahead", "128KB", "-o", "ro"];

describe.skipIf(!canMount)("readahead by the daemon", () => {
  offerRings();

  describe.each(transports)("over %s", (transport) => {
    test("sequential reads: the same bytes, for less than half of the requests", async () => {
      readFileSync(join(source, "file"));
      const { found, reads } = await countReads(transport, pushing, inOrder);
      expect(found.equals(content)).toBe(true);
      expect(reads).toBeLessThan(PAGES / 2);
    });

    test("without it, and without the kernel's: one request a page", async () => {
      const { found, reads } = await countReads(transport, ["--max-readahead", "0", "-o", "ro"], inOrder);
      expect(found.equals(content)).toBe(true);
      expect(reads).toBe(PAGES);
    });

    test("scattered reads: nothing is pushed, one request each", async () => {
      const scattered = inOrder.filter((page) => page % 16 === 5).toReversed();
      const { reads } = await countReads(transport, pushing, scattered);
      expect(reads).toBe(scattered.length);
    });
  });

  test("many readers of one file at once see the same bytes, and the mount ends", async () => {
    const daemon = await startDaemon(["--mode", "daemon", ...pushing], source);
    const file = join(daemon.mountpoint, "file");
    const found = await Promise.all(Array.from({ length: 16 }, () => readFile(file)));
    await daemon[Symbol.asyncDispose]();
    expect(found.every((bytes) => bytes.equals(content))).toBe(true);
    expect(await daemon.ended()).toBe(0);
  });
});

test.each([
  [["--daemon-readahead", "128KB"], "Add the mount option ro"],
  [["--daemon-readahead", "1GB", "-o", "ro"], "from 1 to"],
  [["--daemon-readahead", "much", "-o", "ro"], 'invalid --daemon-readahead "much"'],
])("%j is refused", async (words, remedy) => {
  const { code, errors } = await runProgram(["mount", ...words, source, source]);
  expect(errors).toContain(remedy);
  expect(code).toBe(2);
});

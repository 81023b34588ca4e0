import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FusemeterError } from "../../../errors.js";
import {
  faultOfPath,
  linesOf,
  MOST_LINE_BYTES,
  manifestOfDirectory,
  type Pack,
  parentOf,
  readManifest,
} from "../../../lazy/manifest/index.js";
import { Random } from "../random.js";
import { scratch } from "../scratch.js";
import { plant } from "../trees.js";

const SEED = Number(process.env.FUZZ_SEED ?? 1);
const ROUNDS = Number(process.env.FUZZ_MANIFESTS ?? 1500);

const SHA = "0".repeat(64);
const HEADER = { format: "fusemeter-manifest", version: 1, kind: "directory", packs: 0, entries: 2, chunks: 0 };
const COMMON = { mode: 0o644, uid: 0, gid: 0, mtime: [0, 0] };
const ROOT = { type: "directory", path: "", ...COMMON };
const FILE = { type: "file", path: "a", ...COMMON, size: 0, chunks: 0 };
const LINK = { type: "symlink", path: "a", ...COMMON, target: "/etc" };

async function read(...records: unknown[]) {
  const file = join(scratch(), "manifest");
  writeFileSync(file, records.map((record) => (typeof record === "string" ? record : `${JSON.stringify(record)}\n`)).join(""));
  return await readManifest(file);
}

const withEntries = (...entries: unknown[]) => read({ ...HEADER, entries: entries.length + 1 }, ROOT, ...entries);
const kinds: Readonly<Record<string, string>> = { gzip: "estargz", deflate: "tar.gz", zstd: "tar.zst" };
const withPack = (pack: { packing?: string; [key: string]: unknown }, row: unknown[], size = row[1]) =>
  read(
    { ...HEADER, kind: kinds[pack.packing ?? "none"] ?? "tar", packs: 1, chunks: 1 },
    { packing: "none", offset: 0, size: 100, unpackedSize: 100, ...pack },
    ROOT,
    { ...FILE, size, chunks: 1 },
    [row],
  );

test("a good manifest of the smallest kind is read", async () => {
  expect((await withEntries(FILE, LINK.path === "a" ? { ...LINK, path: "b" } : LINK)).entries).toHaveLength(3);
  expect((await withPack({}, [SHA, 100, 0, 0, 0])).chunks).toHaveLength(1);
});

describe("paths", () => {
  const bad: Readonly<Record<string, string>> = {
    "..": 'it contains ".."',
    "a/../b": 'it contains ".."',
    "./a": 'it contains "."',
    "/etc/passwd": "it is absolute",
    "a//b": "a name in it is empty",
    "a/": "a name in it is empty",
    "a\0b": "it contains NUL",
    "\ud800": "it is not UTF-8",
    [`${"n".repeat(256)}`]: "a name in it is longer than 255 bytes",
    [`${"é".repeat(128)}`]: "a name in it is longer than 255 bytes",
    [`${"d/".repeat(2048)}e`]: "it is longer than 4095 bytes",
  };
  test.each(Object.entries(bad))("%j is refused in one line", async (path, reason) => {
    const refused = withEntries({ ...FILE, path });
    await expect(refused).rejects.toMatchObject({ code: "BAD_MANIFEST", reason });
    await expect(refused).rejects.toThrow(/^[^\n]{1,300}$/);
  });

  test("the root can't come again", async () => {
    await expect(withEntries({ ...ROOT })).rejects.toThrow("a name in it is empty");
  });

  test("a tree begins with its root", async () => {
    await expect(read({ ...HEADER, entries: 1 }, FILE)).rejects.toThrow("the tree does not begin with its root");
  });
});

describe("trees", () => {
  test.each([
    ["a path that comes twice", [FILE, FILE], 'the path "a" comes twice'],
    ["a file beneath a symbolic link", [LINK, { ...FILE, path: "a/b" }], 'the path "a/b" lies beneath a symlink'],
    ["a file beneath a file", [FILE, { ...FILE, path: "a/b" }], 'the path "a/b" lies beneath a file'],
    ["a file before its directory", [{ ...FILE, path: "d/a" }], 'the path "d/a" comes before its directory'],
    ["a hard link to nothing", [{ type: "hardlink", path: "l", target: "../../etc/passwd" }], "is no file before it"],
    ["a hard link to a symbolic link", [LINK, { type: "hardlink", path: "l", target: "a" }], "is no file before it"],
    ["a hard link to a directory", [{ type: "hardlink", path: "l", target: "" }], "is no file before it"],
    ["a symbolic link of 4096 bytes", [{ ...LINK, target: "t".repeat(4096) }], "its text is not of 1 to 4095 bytes"],
    ["an empty symbolic link", [{ ...LINK, target: "" }], "its text is not of 1 to 4095 bytes"],
    ["a device", [{ ...FILE, type: "character-device" }], "line 3 of the manifest"],
    ["a mode with a type", [{ ...FILE, mode: 0o120777 }], "mode"],
    ["a user that chown can't set", [{ ...FILE, uid: 2 ** 32 - 1 }], "uid"],
    ["a key that nobody knows", [{ ...FILE, execute: true }], "execute"],
    ["an attribute of overlayfs", [{ ...FILE, xattrs: { "trusted.overlay.metacopy": "" } }], "overlayfs would follow it"],
    ["an attribute without a namespace", [{ ...FILE, xattrs: { name: "" } }], "its name is not one of"],
    ["an attribute of 100 KiB", [{ ...FILE, xattrs: { "user.a": "A".repeat(136_536) } }], "larger than 65536 bytes"],
    ["a file without its chunks", [{ ...FILE, size: 5 }], 'the chunks of "a" have 0 bytes: its size is 5 bytes'],
  ])("%s is refused", async (_, entries, message) => {
    await expect(withEntries(...entries)).rejects.toThrow(message);
    await expect(withEntries(...entries)).rejects.toMatchObject({ code: "BAD_MANIFEST" });
  });
});

describe("packs and chunks", () => {
  test.each([
    ["outside of its pack", {}, [SHA, 101, 0, 0, 0]],
    ["in a pack that does not exist", {}, [SHA, 1, 1, 0, 0]],
    ["with more than its pack unpacks to", { packing: "gzip" }, [SHA, 90, 0, 0, 11]],
    ["of no bytes", {}, [SHA, 0, 0, 0, 0]],
    ["of 17 MiB", { size: 2 ** 25, unpackedSize: 2 ** 25 }, [SHA, 17 * 2 ** 20, 0, 0, 0]],
    ["with a short digest", {}, ["00", 1, 0, 0, 0]],
    ["with a place of a directory's", {}, [SHA, 1]],
  ])("a chunk %s is refused", async (_, pack, row) => {
    await expect(withPack(pack, row)).rejects.toMatchObject({ code: "BAD_MANIFEST" });
  });

  test.each([
    ["of 33 MiB", { size: 33 * 2 ** 20 }],
    ["that unpacks to 1 TiB", { packing: "gzip", unpackedSize: 2 ** 40 }],
    ["at a place beyond all files", { offset: Number.MAX_SAFE_INTEGER }],
    ["with a window of 1 MiB", { packing: "deflate", bits: 0, window: "A".repeat(2 ** 20 - 200) }],
  ])("a pack %s is refused", async (_, pack) => {
    await expect(withPack(pack, [SHA, 1, 0, 0, 0])).rejects.toMatchObject({ code: "BAD_MANIFEST" });
  });

  test("a pack of another kind of layer is refused", async () => {
    const pack = { packing: "deflate", offset: 0, size: 9, unpackedSize: 9, bits: 0, window: "" };
    const refused = read({ ...HEADER, kind: "tar", packs: 1, chunks: 0, entries: 1 }, pack, ROOT);
    await expect(refused).rejects.toThrow("pack 0 has the packing deflate: it is of a tar");
  });

  test("members that unpack to more than their pack together are refused", async () => {
    const rows = Array.from({ length: 50 }, (_, at) => [SHA, 90, 0, at, 0]);
    const pack = { packing: "gzip", offset: 0, size: 100, unpackedSize: 100 };
    const file = { ...FILE, size: 50 * 90, chunks: 50 };
    const refused = read({ ...HEADER, kind: "estargz", packs: 1, chunks: 50 }, pack, ROOT, file, rows);
    await expect(refused).rejects.toThrow("a chunk lies outside of pack 0");
  });

  test("content of more than 1 TiB is refused", async () => {
    const rows = Array.from({ length: 1000 }, () => [SHA, 16 * 2 ** 20]);
    const file = (path: string) => [{ ...FILE, path, size: 1000 * 16 * 2 ** 20, chunks: 1000 }, rows];
    const files = Array.from({ length: 66 }, (_, i) => file(`f${i}`)).flat();
    await expect(read({ ...HEADER, entries: 67, chunks: 66_000 }, ROOT, ...files)).rejects.toThrow("more than 1 TiB");
  });
});

describe("files", () => {
  test("a line longer than its bound is refused before its end arrives", async () => {
    await expect(read(HEADER, "x".repeat(MOST_LINE_BYTES + 2 ** 17))).rejects.toThrow(`longer than ${MOST_LINE_BYTES} bytes`);
  });

  test("a manifest that could not be read again is not written", async () => {
    const manifest = await withEntries();
    const window = "A".repeat(40_000);
    const pack: Pack = { offset: 0, size: 1, unpackedSize: 1, packing: { kind: "deflate", bits: 0, window } };
    const lines = linesOf({ ...manifest, packs: Array.from({ length: 14_000 }, () => pack) });
    expect(() => {
      for (const line of lines) expect(line.length).toBeLessThan(50_000);
    }).toThrow("the manifest is larger than 512 MiB");
  });

  test("a manifest that ends too early, or in the middle of a line, is refused", async () => {
    await expect(read(HEADER, ROOT)).rejects.toThrow("it ends too early");
    await expect(read(HEADER, '{"type":')).rejects.toThrow("ends in the middle of a line");
    await expect(read("")).rejects.toThrow("it ends too early");
  });

  test("a manifest of another version, or with bytes that are not UTF-8, is refused", async () => {
    await expect(read({ ...HEADER, version: 2 })).rejects.toThrow("version");
    const file = join(scratch(), "manifest");
    writeFileSync(file, Buffer.from("\xff\xfe\n", "latin1"));
    await expect(readManifest(file)).rejects.toThrow("is not UTF-8");
  });

  test("a file that is missing is an error of its own", async () => {
    await expect(readManifest("/nonexistent")).rejects.toMatchObject({ code: "MANIFEST_NOT_READ", fault: "use" });
  });

  test("a count of entries that lies is refused", async () => {
    await expect(read({ ...HEADER, entries: 2 ** 40 }, ROOT)).rejects.toThrow("entries");
    await expect(read({ ...HEADER, entries: 1 }, ROOT, FILE)).rejects.toThrow("line 3");
  });
});

/** Values that code trips over. */
const EDGES: readonly unknown[] = [
  -1,
  0,
  1,
  0.5,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  null,
  true,
  "",
  ".",
  "..",
  "../x",
  "/x",
  "a",
  "small",
  "large",
  "up/x",
  "\0",
  [],
  {},
  "__proto__",
  "file",
  "symlink",
  "hardlink",
  "directory",
  "n".repeat(256),
];

/** Changes one value somewhere in a JSON value. */
function mutate(value: unknown, random: Random): unknown {
  if (typeof value !== "object" || value === null || random.below(6) === 0) return random.of(EDGES);
  const keys = Object.keys(value);
  if (keys.length === 0) return random.of(EDGES);
  const key = random.of(keys);
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === key ? mutate(item, random) : item));
  return { ...value, [key]: mutate((value as Record<string, unknown>)[key], random) };
}

test(`${ROUNDS} manifests with faults are read or refused, and none that is read leads outside`, async () => {
  const directory = scratch();
  plant(directory, { smallFiles: 8, largeBytes: 30_000 });
  const lines = [...linesOf(manifestOfDirectory(directory, 8192))];
  const random = new Random(SEED);
  const file = join(scratch(), "manifest");
  let refused = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const changed = [...lines];
    for (let faults = 1 + random.below(2); faults > 0; faults--) {
      const at = random.below(changed.length);
      const kind = random.below(8);
      if (kind === 0) changed.splice(at, 1);
      else if (kind === 1) changed.splice(at, 0, changed[random.below(changed.length)]!);
      else if (kind === 2) changed[at] = changed[at]!.slice(0, random.below(changed[at]!.length));
      else changed[at] = `${JSON.stringify(mutate(JSON.parse(lines[Math.min(at, lines.length - 1)]!), random))}\n`;
    }
    writeFileSync(file, changed.join(""));
    try {
      const { entries } = await readManifest(file);
      const directories = new Set<string>();
      for (const { path, type } of entries) {
        if (path !== "") expect([faultOfPath(path), directories.has(parentOf(path))]).toEqual([null, true]);
        if (type === "directory") directories.add(path);
      }
    } catch (error) {
      if (!(error instanceof FusemeterError)) throw error;
      expect(error.code).toBe("BAD_MANIFEST");
      expect(error.message).toMatch(/^[^\n]{1,400}$/);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(ROUNDS / 2);
});

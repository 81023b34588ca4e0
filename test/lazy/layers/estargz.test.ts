import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { FusemeterError } from "../../../errors.js";
import { openOrigin } from "../../../lazy/origins/index.js";
import { expectTree, expectWhole } from "../origins/whole.js";
import { Random } from "../random.js";
import { scratch } from "../scratch.js";
import { footer, tarMember, tocAndFooter, type WrittenToc, writeLayer } from "./estargz-writer.js";
import { manifestOf } from "./manifest-of.js";
import { REAL, REAL_TOC, realTree } from "./real-estargz.js";

function fileOf(layer: Buffer): string {
  const file = join(scratch(), "layer");
  writeFileSync(file, layer);
  return file;
}

const contents = () => {
  const random = new Random(3);
  return Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`d${i % 3}/f${i}`, random.bytes(random.below(9000))]));
};

/** A layer without content, whose table is given. */
const withToc = (toc: unknown) => {
  const before = gzipSync(tarMember("d/", Buffer.alloc(0), { type: "5" }));
  return fileOf(Buffer.concat([before, tocAndFooter(toc, before.length)]));
};
const withEntries = (...entries: object[]) => manifestOf(withToc({ version: 1, entries }));

describe("a layer of stargz-snapshotter", () => {
  test("gives the tree that tar extracts, without landmark and table", async () => {
    const manifest = await manifestOf(REAL);
    expect(manifest.kind).toBe("estargz");
    expectTree(manifest, realTree(), { nanoseconds: false });
    expect(manifest.entries.map(({ path }) => path)).not.toContain(".prefetch.landmark");
    expect(manifest.entries.length).toBe(12);
    expect(manifest.entries.find(({ path }) => path === "etc/a")).toMatchObject({
      xattrs: { "user.note": Buffer.from("x\0y").toString("base64") },
      mtimeSeconds: 1577934245,
    });
  });

  test("has its prioritized files first, and its content whole in any order", async () => {
    const manifest = await manifestOf(REAL);
    expect(manifest.prefetch).toEqual(["etc/b", "bin/again"]);
    const origin = await openOrigin(manifest, REAL);
    await expectWhole(manifest, origin, realTree(), manifest.chunks.toReversed(), 1);
    expect(origin.counts.corrupt).toBe(0);
    await origin.close();
  });

  test("must have the digest of its table that is asked for", async () => {
    expect((await manifestOf(REAL, { tocDigest: REAL_TOC })).entries.length).toBe(12);
    const refused = manifestOf(REAL, { tocDigest: `sha256:${"0".repeat(64)}` });
    await expect(refused).rejects.toThrow(`the layer's table of contents has another digest: it is ${REAL_TOC}`);
  });
});

test.each([1, 4])("files of which %i share a member are read", async (shared) => {
  const files = contents();
  const tree = scratch();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(tree, dirname(path)), { recursive: true });
    writeFileSync(join(tree, path), content);
  }
  const file = fileOf(writeLayer(files, { shared }).layer);
  const manifest = await manifestOf(file);
  expect(manifest.packs.length).toBeLessThan(4);
  expect(manifest.entries.find(({ path }) => path === "d1/f1")).toMatchObject({
    mtimeSeconds: 1706933106,
    mtimeNanoseconds: 250_000_000,
  });
  const origin = await openOrigin(manifest, file);
  await expectWhole(manifest, origin, tree, manifest.chunks.toReversed());
  expect(origin.counts).toMatchObject({ requests: manifest.packs.length, corrupt: 0 });
  await origin.close();
});

test("a tar.gz without the footer is read by checkpoints, and has no digest of a table", async () => {
  const plain = fileOf(gzipSync(Buffer.concat([tarMember("a", Buffer.from("content")), Buffer.alloc(1024)])));
  expect((await manifestOf(plain)).kind).toBe("tar.gz");
  await expect(manifestOf(plain, { tocDigest: REAL_TOC })).rejects.toThrow("it is not eStargz");
});

describe("hostile tables", () => {
  const reg = { name: "a", type: "reg", size: 5, offset: 0, chunkDigest: `sha256:${"0".repeat(64)}` };
  test.each([
    ["a path with ..", [{ ...reg, name: "../a" }], 'it contains ".."'],
    ["an absolute path", [{ ...reg, name: "/etc/passwd" }], "it is absolute"],
    [
      "a path below a symbolic link",
      [
        { name: "l", type: "symlink", linkName: "/etc" },
        { ...reg, name: "l/a" },
      ],
      "lies beneath a symlink",
    ],
    ["a hard link that leads outside", [{ name: "l", type: "hardlink", linkName: "../../etc/passwd" }], 'it contains ".."'],
    ["a hard link to nothing", [{ name: "l", type: "hardlink", linkName: "etc/passwd" }], "is no file before it"],
    ["a device", [{ name: "sda", type: "block", devMajor: 8, devMinor: 0 }], "it is a device"],
    ["a name of 256 bytes", [{ ...reg, name: "n".repeat(256) }], "longer than 255 bytes"],
    ["a path that comes twice", [reg, reg], "comes twice"],
    ["a size without content", [{ name: "a", type: "reg", size: 5 }], "it has no chunkDigest"],
    ["a chunk of 17 MiB", [{ ...reg, size: 2 ** 25, chunkSize: 17 * 2 ** 20 }], "chunkSize"],
    [
      "chunks that are longer than the file",
      [reg, { ...reg, type: "chunk", chunkOffset: 5 }],
      "its chunks are longer than the file",
    ],
    [
      "a chunk that leaves a gap",
      [
        { ...reg, size: 9, chunkSize: 4 },
        { ...reg, type: "chunk", chunkOffset: 5 },
      ],
      "does not follow",
    ],
    ["a chunk without a file", [{ ...reg, type: "chunk" }], "a chunk without its file"],
    ["a file whose chunks are missing", [{ ...reg, size: 9, chunkSize: 4 }], "its size is 9 bytes"],
    ["an offset behind the layer", [{ ...reg, offset: 2 ** 40 }], "a content lies behind the end of the layer"],
    ["a member that unpacks to 1 TiB", [{ ...reg, innerOffset: 2 ** 40 - 1 }], "the most is 33554432"],
    [
      "an attribute of overlayfs",
      [{ name: "d", type: "dir", xattrs: { "trusted.overlay.redirect": "L2V0Yw==" } }],
      "overlayfs would follow it",
    ],
    ["a size that is negative", [{ ...reg, size: -1 }], "size"],
    ["a time that is none", [{ ...reg, modtime: "yesterday" }], "modtime"],
  ])("%s is refused in one line", async (_, entries, message) => {
    const refused = withEntries(...entries);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toThrow(/^[^\n]{1,400}$/);
    await expect(refused).rejects.toBeInstanceOf(FusemeterError);
  });

  test.each([
    ["of another version", { version: 2, entries: [] }, "version"],
    ["that is no JSON", "{", "is not JSON"],
    ["that has no entries", "[]", "can't be used"],
  ])("a table %s is refused", async (_, toc, message) => {
    await expect(manifestOf(withToc(toc))).rejects.toThrow(message);
  });

  test("a table of 100 MiB is refused before it is unpacked", async () => {
    const header = tarMember("stargz.index.json", Buffer.alloc(0), { size: 100 * 2 ** 20 });
    const bomb = gzipSync(Buffer.concat([header, Buffer.alloc(100 * 2 ** 20, 0x20)]));
    expect(bomb.length).toBeLessThan(200_000);
    const refused = manifestOf(fileOf(Buffer.concat([bomb, footer(0)])));
    await expect(refused).rejects.toThrow("the layer's table of contents has 104857600 bytes: the most is 64 MiB");
  });

  test("a table that lies outside of the layer, or is another file, is refused", async () => {
    await expect(manifestOf(fileOf(Buffer.concat([gzipSync("x"), footer(2 ** 50)])))).rejects.toThrow("lies outside of it");
    const other = gzipSync(tarMember("other.json", Buffer.from("{}")));
    await expect(manifestOf(fileOf(Buffer.concat([other, footer(0)])))).rejects.toThrow("does not point to stargz.index.json");
  });

  test("a content that lies about its digest is never given out", async () => {
    const { layer, toc } = writeLayer(contents());
    toc.entries[5]!.chunkDigest = `sha256:${"0".repeat(64)}`;
    const end = Number.parseInt(layer.toString("latin1", layer.length - 35, layer.length - 19), 16);
    const file = fileOf(Buffer.concat([layer.subarray(0, end), tocAndFooter(toc, end)]));
    const manifest = await manifestOf(file);
    const origin = await openOrigin(manifest, file);
    const wrong = manifest.chunks.find(({ sha256 }) => /^0+$/.test(sha256))!;
    await expect(origin.fetch(wrong, new AbortController().signal)).rejects.toMatchObject({ code: "ORIGIN_CORRUPT" });
    await origin.close();
  });
});

const EDGES: readonly unknown[] = [
  -1,
  0,
  1,
  511,
  2 ** 31,
  2 ** 53,
  0.5,
  null,
  "",
  "..",
  "/",
  "a/../b",
  "reg",
  "chunk",
  "hardlink",
  "symlink",
  "dir",
  {},
  [],
];

test("500 tables with faults are read or refused, and what is fetched is the source's", async () => {
  const random = new Random(Number(process.env.FUZZ_SEED ?? 1));
  const files = contents();
  const { layer, toc } = writeLayer(files, { shared: 2 });
  const end = Number.parseInt(layer.toString("latin1", layer.length - 35, layer.length - 19), 16);
  let refused = 0;
  for (let round = 0; round < 500; round++) {
    const changed = structuredClone(toc) as WrittenToc;
    for (let faults = 1 + random.below(3); faults > 0; faults--) {
      const entry = random.of(changed.entries);
      const key = random.of([...Object.keys(entry), "innerOffset", "chunkSize", "chunkOffset", "linkName", "xattrs"]);
      entry[key] = random.below(2) === 0 ? random.of(EDGES) : random.of(changed.entries)[key];
    }
    const file = fileOf(Buffer.concat([layer.subarray(0, end), tocAndFooter(changed, end)]));
    try {
      const manifest = await manifestOf(file);
      const origin = await openOrigin(manifest, file);
      const known = new Set(toc.entries.map(({ digest }) => digest));
      for (const chunk of manifest.chunks) {
        const bytes = await origin.fetch(chunk, new AbortController().signal).catch((error: FusemeterError) => error);
        if (bytes instanceof Error) expect(["ORIGIN_CORRUPT", "ORIGIN_REFUSED"]).toContain(bytes.code);
        else expect(known).toContain(`sha256:${chunk.sha256}`);
      }
      await origin.close();
    } catch (error) {
      if (!(error instanceof FusemeterError)) throw error;
      expect(["BAD_LAYER", "BAD_MANIFEST"]).toContain(error.code);
      expect(error.message).toMatch(/^[^\n]{1,400}$/);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(100);
});

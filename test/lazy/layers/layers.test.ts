import { execFileSync } from "node:child_process";
import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Manifest } from "../../../lazy/manifest/index.js";
import { openOrigin } from "../../../lazy/origins/index.js";
import { expectTree, expectWhole, filesOf } from "../origins/whole.js";
import { Random } from "../random.js";
import { archived, compressed } from "./archives.js";
import { manifestOf } from "./manifest-of.js";

const never = new AbortController().signal;
function shuffled<T>(values: readonly T[], seed = 5): T[] {
  const random = new Random(seed);
  const left = [...values];
  return Array.from({ length: left.length }, () => left.splice(random.below(left.length), 1)[0]!);
}

async function expectAll(manifest: Manifest, file: string, tree: string, order = manifest.chunks) {
  const origin = await openOrigin(manifest, file);
  try {
    await expectWhole(manifest, origin, tree, order);
    return { ...origin.counts };
  } finally {
    await origin.close();
  }
}

describe("tar", () => {
  test.each([
    ["GNU", "--format=gnu", false],
    ["pax", "--format=pax", true],
  ])("an archive of the %s format gives its tree and its content", async (_, format, nanoseconds) => {
    const { tree, file } = archived("layer.tar", [format]);
    const manifest = await manifestOf(file);
    expect(manifest.kind).toBe("tar");
    expectTree(manifest, tree, { nanoseconds });
    expect(manifest.entries.length).toBe(
      Number(execFileSync("sh", ["-c", 'find "$1" -print0 | tr -dc "\\0" | wc -c', "sh", tree])),
    );
    await expectAll(manifest, file, tree, shuffled(manifest.chunks));
  });

  test("attributes of pax are kept", async () => {
    const { tree, file } = archived("layer.tar", ["--format=pax"], { smallFiles: 1 });
    execFileSync("python3", ["-c", "import os, sys; os.setxattr(sys.argv[1], 'user.note', b'a\\n\\0b')", join(tree, "empty")]);
    execFileSync("tar", ["-C", tree, "--xattrs", "--format=pax", "-cf", file, "."]);
    const manifest = await manifestOf(file);
    const value = Buffer.from("a\n\0b").toString("base64");
    expect(manifest.entries.find(({ path }) => path === "empty")).toMatchObject({ xattrs: { "user.note": value } });
  });

  test("small neighbours share a request, and each byte is fetched once", async () => {
    const { tree, file } = archived("layer.tar", [], { smallFiles: 200, largeBytes: 300_000 });
    const manifest = await manifestOf(file);
    expect(manifest.packs.length).toBeLessThan(manifest.chunks.length / 2);
    const counts = await expectAll(manifest, file, tree);
    expect(counts).toMatchObject({ requests: manifest.packs.length, corrupt: 0, retries: 0 });
  });
});

describe("tar.gz by checkpoints", () => {
  test.each([1, 6, 9])("level %i: any order of chunks gives the content", async (level) => {
    const { tree, file } = archived("layer.tar", []);
    const packed = compressed(file, "gzip", `-${level}`);
    const manifest = await manifestOf(packed);
    expect(manifest.kind).toBe("tar.gz");
    expect(manifest.packs.length).toBeGreaterThan(4);
    expectTree(manifest, tree, { nanoseconds: false });
    await expectAll(manifest, packed, tree, shuffled(manifest.chunks, level));
  });

  test("blocks begin at every bit of a byte", async () => {
    const { tree, file } = archived("layer.tar", [], { largeBytes: 6_000_000 });
    const packed = compressed(file, "gzip");
    const manifest = await manifestOf(packed, { spanBytes: 32 * 1024 });
    const bits = new Set(manifest.packs.map(({ packing }) => (packing.kind === "deflate" ? packing.bits : -1)));
    expect([...bits].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await expectAll(manifest, packed, tree, shuffled(manifest.chunks));
  });

  test("members one behind the other, as pigz -i or bgzip write them, are read", async () => {
    const { tree, file } = archived("layer.tar", []);
    const packed = `${file}.members.gz`;
    execFileSync("sh", [
      "-c",
      'split -b 100000 --filter="gzip -c" "$1" > "$2"; head -c 1000 /dev/zero >> "$2"',
      "sh",
      file,
      packed,
    ]);
    const manifest = await manifestOf(packed);
    await expectAll(manifest, packed, tree, shuffled(manifest.chunks));
  });

  test("chunks of one pack that are asked for together are fetched and unpacked once", async () => {
    const { tree, file } = archived("layer.tar", [], { smallFiles: 200 });
    const packed = compressed(file, "gzip");
    const manifest = await manifestOf(packed);
    const counts = await expectAll(manifest, packed, tree);
    expect(counts.requests).toBe(manifest.packs.length);
  });
});

describe("tar.zst as it arrives", () => {
  test.each([[["-3"]], [["-19"]], [["--ultra", "-22"]], [["-5", "--long=27"]], [["-1", "--no-check"]], [["--fast=5"]]])(
    "zstd %s %s",
    async (level) => {
      const { tree, file } = archived("layer.tar", []);
      const packed = compressed(file, "zstd", "-q", ...level);
      const manifest = await manifestOf(packed);
      expect(manifest.kind).toBe("tar.zst");
      expectTree(manifest, tree, { nanoseconds: false });
      const counts = await expectAll(manifest, packed, tree);
      // One passage: its ranges are those of one stream.
      expect(counts.bytes).toBeLessThanOrEqual(manifest.packs[0]!.size);
    },
  );

  test("frames one behind the other, with frames to skip between them, are read", async () => {
    const { tree, file } = archived("layer.tar", []);
    const packed = `${file}.frames.zst`;
    const skip = "printf '\\120\\052\\115\\030\\003\\000\\000\\000abc'";
    execFileSync("sh", ["-c", `${skip} > "$2"; split -b 300000 --filter="zstd -qc; ${skip}" "$1" >> "$2"`, "sh", file, packed]);
    const manifest = await manifestOf(packed);
    await expectAll(manifest, packed, tree);
  });

  test("chunks in another order begin the stream anew, and are right", async () => {
    const { tree, file } = archived("layer.tar", [], { largeBytes: 40_000_000, smallFiles: 5 });
    const packed = compressed(file, "zstd", "-q");
    const manifest = await manifestOf(packed, { chunkBytes: 2 ** 20 });
    const origin = await openOrigin(manifest, packed);
    await origin.fetch(manifest.chunks.at(-1)!, never);
    const { bytes } = origin.counts;
    await origin.fetch(manifest.chunks[0]!, never);
    expect(origin.counts.bytes).toBeGreaterThan(bytes);
    await expectWhole(manifest, origin, tree);
    await origin.close();
  });
});

test("a directory as an origin gives its content", async () => {
  const { tree } = archived("layer.tar", []);
  const { manifestOfDirectory } = await import("../../../lazy/manifest/index.js");
  const manifest = manifestOfDirectory(tree, 64 * 1024);
  const copy = `${tree}-copy`;
  cpSync(tree, copy, { recursive: true, filter: (from) => !from.endsWith("fifo") });
  expect(readdirSync(copy)).toContain("large");
  expect(filesOf(manifest).length).toBeGreaterThan(60);
  await expectAll(manifest, copy, tree, shuffled(manifest.chunks));
});

import { createHash } from "node:crypto";
import { lstatSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { linesOf, type Manifest, manifestOfDirectory, readManifest } from "../../../lazy/manifest/index.js";
import { setxattr } from "../../../linux/libc/extended-attributes.js";
import { Memory } from "../../../linux/libc/memory.js";
import { scratch } from "../scratch.js";
import { plant } from "../trees.js";

const CHUNK_BYTES = 128 * 1024;

function planted(): string {
  const directory = scratch();
  plant(directory);
  return directory;
}

function setAttribute(file: string, name: string, value: string): number {
  const [path, key, bytes] = [Memory.string(file), Memory.string(name), Memory.string(value)];
  const result = setxattr(path.address, key.address, bytes.address, value.length, 0);
  // Held until here: C has read them.
  return bytes.bytes.length > 0 && path.bytes.length > 0 && key.bytes.length > 0 ? result : 0;
}

const entryOf = (manifest: Manifest, path: string) => manifest.entries.find((entry) => entry.path === path);

test("the manifest of a directory tells each entry as lstat does", () => {
  const directory = planted();
  const manifest = manifestOfDirectory(directory, CHUNK_BYTES);
  expect(manifest.entries.length).toBeGreaterThan(70);
  expect(new Set(manifest.entries.map(({ type }) => type))).toEqual(
    new Set(["directory", "file", "symlink", "hardlink", "fifo"]),
  );
  for (const entry of manifest.entries) {
    if (entry.type === "hardlink") continue;
    const stat = lstatSync(join(directory, entry.path), { bigint: true });
    expect(entry).toMatchObject({ mode: Number(stat.mode & 0o7777n), uid: Number(stat.uid), gid: Number(stat.gid) });
    expect(BigInt(entry.mtimeSeconds) * 1_000_000_000n + BigInt(entry.mtimeNanoseconds)).toBe(stat.mtimeNs);
    if (entry.type === "file") expect(BigInt(entry.size)).toBe(stat.size);
    if (entry.type === "symlink") expect(entry.target).toBe(readlinkSync(join(directory, entry.path)));
  }
  expect(entryOf(manifest, "empty")).toMatchObject({ mtimeSeconds: -14182940, mtimeNanoseconds: 123456789, chunks: [] });
});

test("each chunk of a file has the digest of its bytes", () => {
  const directory = planted();
  const { entries, chunks } = manifestOfDirectory(directory, CHUNK_BYTES);
  let seen = 0;
  for (const entry of entries) {
    if (entry.type !== "file") continue;
    const content = readFileSync(join(directory, entry.path));
    let end = 0;
    for (const { number, offset, size, sha256 } of entry.chunks) {
      expect(chunks[number]).toMatchObject({ offset, place: { kind: "file", path: entry.path } });
      expect([offset, size <= CHUNK_BYTES]).toEqual([end, true]);
      expect(
        createHash("sha256")
          .update(content.subarray(offset, offset + size))
          .digest("hex"),
      ).toBe(sha256);
      end += size;
      seen++;
    }
    expect(end).toBe(content.length);
  }
  expect(seen).toBe(chunks.length);
});

test("two names of one file are a file and a hard link", () => {
  const manifest = manifestOfDirectory(planted(), CHUNK_BYTES);
  expect(entryOf(manifest, "small/link-to-large")).toEqual({ type: "hardlink", path: "small/link-to-large", target: "large" });
});

test("extended attributes are kept, but for the notes of an overlay", () => {
  const directory = scratch();
  writeFileSync(join(directory, "file"), "x");
  expect(setAttribute(join(directory, "file"), "user.mime_type", "text/plain")).toBe(0);
  expect(setAttribute(join(directory, "file"), "user.overlay.origin", "elsewhere")).toBe(0);
  const manifest = manifestOfDirectory(directory, CHUNK_BYTES);
  expect(entryOf(manifest, "file")).toMatchObject({ xattrs: { "user.mime_type": Buffer.from("text/plain").toString("base64") } });
  expect(setAttribute(join(directory, "file"), "user.overlay.redirect", "/etc")).toBe(0);
  expect(() => manifestOfDirectory(directory, CHUNK_BYTES)).toThrow(
    'the attribute "user.overlay.redirect" of "file" can\'t be used: overlayfs would follow it',
  );
});

test("a manifest that is written and read again is the same", async () => {
  const manifest = manifestOfDirectory(planted(), 4096);
  const file = join(scratch(), "manifest");
  writeFileSync(file, [...linesOf(manifest)].join(""));
  expect(await readManifest(file)).toEqual(manifest);
});

test("the same tree gives the same manifest", () => {
  const directory = planted();
  expect(manifestOfDirectory(directory, CHUNK_BYTES)).toEqual(manifestOfDirectory(directory, CHUNK_BYTES));
});

test("a socket and a name that is not UTF-8 are refused", async () => {
  const directory = scratch();
  const server = createServer().listen(join(directory, "socket"));
  await new Promise((resolve) => server.once("listening", resolve));
  expect(() => manifestOfDirectory(directory, CHUNK_BYTES)).toThrow('"socket" can\'t be in a manifest: it is a socket');
  await new Promise((resolve) => server.close(resolve));
  writeFileSync(Buffer.from(`${directory}/\xff`, "latin1"), "x");
  expect(() => manifestOfDirectory(directory, CHUNK_BYTES)).toThrow("is not UTF-8");
});

test("a source that is missing, or no directory, is an error of the source", () => {
  expect(() => manifestOfDirectory("/nonexistent", CHUNK_BYTES)).toThrow(expect.objectContaining({ code: "SOURCE_NOT_READ" }));
});

import { execFileSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { constants, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { FusemeterError } from "../../../errors.js";
import { faultOfPath, parentOf } from "../../../lazy/manifest/index.js";
import { openOrigin } from "../../../lazy/origins/index.js";
import { Random } from "../random.js";
import { scratch } from "../scratch.js";
import { archived, compressed } from "./archives.js";
import { tarMember } from "./estargz-writer.js";
import { manifestOf } from "./manifest-of.js";

const none = Buffer.alloc(0);
const END = Buffer.alloc(1024);

function fileOf(...parts: Uint8Array[]): string {
  const file = join(scratch(), "layer");
  writeFileSync(file, Buffer.concat(parts));
  return file;
}

/** The manifest of an archive of some members. */
const read = (...members: Uint8Array[]) => manifestOf(fileOf(...members, END));

const link = (name: string, target: string, type = "2") => tarMember(name, none, { type, link: target });
const device = (major: number, type = "3") => {
  const member = tarMember("device", none, { type });
  member.write(`${major.toString(8).padStart(7, "0")}\0`, 329, "latin1");
  member.write("        ", 148, "latin1");
  member.write(
    `${member
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, "0")}\0 `,
    148,
    "latin1",
  );
  return member;
};
const pax = (text: string, type = "x") => tarMember("pax", Buffer.from(text), { type });
const record = (key: string, value: string) => {
  let length = key.length + Buffer.byteLength(value) + 3;
  length += String(length).length;
  if (String(length).length > String(length - String(length).length).length) length++;
  for (let total = 0; total !== length; ) {
    total = length;
    length = String(total).length + key.length + Buffer.byteLength(value) + 3;
  }
  return `${length} ${key}=${value}\n`;
};

describe("members that are refused in one line", () => {
  test.each([
    ["a path with ..", [tarMember("a/../../b", none)], 'it contains ".."'],
    ["an absolute path", [tarMember("/etc/passwd", none)], "it is absolute"],
    ["an absolute path by pax", [pax(record("path", "/etc/passwd")), tarMember("a", none)], "it is absolute"],
    [
      "an absolute path by a long name of GNU",
      [tarMember("L", Buffer.from("/etc/passwd\0"), { type: "L" }), tarMember("a", none)],
      "it is absolute",
    ],
    ["a path below a symbolic link", [link("l", "/etc"), tarMember("l/passwd", none)], "lies beneath a symlink"],
    ["a directory in the place of a symbolic link", [link("l", "/etc"), tarMember("l/", none, { type: "5" })], "comes twice"],
    ["a path that comes twice", [tarMember("a", none), tarMember("./a", none)], "comes twice"],
    ["a path below a file", [tarMember("a", none), tarMember("a/b", none)], "lies beneath a file"],
    ["a hard link that leads outside", [link("l", "../../etc/passwd", "1")], 'it contains ".."'],
    ["a hard link to an absolute path", [link("l", "/etc/passwd", "1")], "it is absolute"],
    ["a hard link to nothing", [link("l", "b", "1")], "is no file before it"],
    ["a hard link to itself", [link("l", "l", "1")], "is no file before it"],
    ["a character device", [device(1)], "it is a device"],
    ["a block device", [device(0, "4")], "it is a device"],
    ["a type that nobody knows", [tarMember("a", none, { type: "Z" })], "its type is not known"],
    ["a sparse file", [tarMember("a", none, { type: "S" })], "sparse"],
    ["a name of 256 bytes", [pax(record("path", "n".repeat(256))), tarMember("a", none)], "longer than 255 bytes"],
    ["a name that is not UTF-8", [tarMember("a", none), Buffer.from(tarMember("b", none)).fill(0xff, 0, 1)], "checksum"],
    ["a broken extended header", [pax("99 path=a\n"), tarMember("a", none)], "extended header of tar is broken"],
    ["an extended header with a length of 0", [pax("0 path=a\n"), tarMember("a", none)], "extended header of tar is broken"],
    ["an extended header of 2 GiB", [tarMember("pax", none, { type: "x", size: 2 ** 31 })], "the most is 1048576"],
    ["a long name of 1 GiB", [tarMember("L", none, { type: "L", size: 2 ** 30 })], "the most is 1048576"],
    ["a size that is negative", [pax(record("size", "-1")), tarMember("a", none)], "size"],
    ["a size that lies", [tarMember("a", Buffer.alloc(10), { size: 10_000_000 })], "in the middle of an entry"],
    [
      "an attribute of overlayfs",
      [pax(record("SCHILY.xattr.trusted.overlay.redirect", "/etc")), tarMember("a", none)],
      "overlayfs would follow it",
    ],
    ["a symbolic link without a text", [link("l", "")], "its text is not of 1 to 4095 bytes"],
  ])("%s", async (_, members, message) => {
    const refused = read(...members);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toThrow(/^[^\n]{1,400}$/);
    await expect(refused).rejects.toBeInstanceOf(FusemeterError);
  });

  test("what is no archive at all", async () => {
    await expect(manifestOf(fileOf())).rejects.toThrow("the layer is empty");
    await expect(manifestOf(fileOf(Buffer.alloc(600, "text ")))).rejects.toThrow("is no header of tar: its checksum is wrong");
    await expect(manifestOf(fileOf(Buffer.from("short")))).rejects.toThrow("the layer ends at byte 5");
    await expect(manifestOf("/nonexistent")).rejects.toMatchObject({ code: "ORIGIN_REFUSED" });
  });

  test("global records without an end", async () => {
    const records = Array.from({ length: 1001 }, (_, i) => record(`k${i}`, "v")).join("");
    await expect(read(pax(records, "g"), tarMember("a", none))).rejects.toThrow("more than 1000 global records");
  });
});

describe("layers of containers", () => {
  const entriesOf = async (...members: Uint8Array[]) =>
    new Map((await read(...members)).entries.map((entry) => [entry.path, entry]));
  const opaque = { "trusted.overlay.opaque": Buffer.from("y").toString("base64") };

  test("a deletion becomes a whiteout, and a hidden directory is opaque", async () => {
    const entries = await entriesOf(
      tarMember("d/.wh.gone", none),
      tarMember("e/.wh..wh..opq", none),
      tarMember("e/new", none),
      tarMember(".wh..wh.plnk", none),
      device(0),
    );
    expect(entries.get("d/gone")).toMatchObject({ type: "whiteout" });
    expect(entries.get("device")).toMatchObject({ type: "whiteout" });
    expect(entries.get("e")).toMatchObject({ type: "directory", xattrs: opaque });
    expect(entries.get("e/new")).toMatchObject({ type: "file" });
    expect([...entries.keys()].toSorted()).toEqual(["", "d", "d/gone", "device", "e", "e/new"]);
  });

  test("a deletion hides lower layers, not what the layer has itself", async () => {
    const entries = await entriesOf(
      tarMember(".wh.file", none),
      tarMember("file", none),
      tarMember("d/a", none),
      tarMember(".wh.d", none),
    );
    expect(entries.get("file")).toMatchObject({ type: "file" });
    expect(entries.get("d")).toMatchObject({ type: "directory", xattrs: opaque });
  });

  test("directories that are left out are there, and later attributes of one count", async () => {
    const entries = await entriesOf(tarMember("a/b/c", none), tarMember("a/", none, { type: "5", mode: 0o700 }));
    expect(entries.get("a")).toMatchObject({ type: "directory", mode: 0o700 });
    expect(entries.get("a/b")).toMatchObject({ type: "directory", mode: 0o755, uid: 0 });
  });

  test("hard links of links are links of the file, or of the same symbolic link", async () => {
    const entries = await entriesOf(
      tarMember("a", Buffer.from("x")),
      link("b", "a", "1"),
      link("c", "./b", "1"),
      link("s", "/anywhere"),
      link("t", "s", "1"),
    );
    expect(entries.get("c")).toEqual({ type: "hardlink", path: "c", target: "a" });
    expect(entries.get("t")).toMatchObject({ type: "symlink", target: "/anywhere" });
  });
});

describe("compressed bombs and lies", () => {
  test("256 MiB of zeros in gzip is read in memory that stays small", async () => {
    // The archive lacks its end, which is no fault: GNU tar reads it too.
    const script = `head -c 512 "$1" > "$2.tar"; head -c 268435456 /dev/zero >> "$2.tar"; gzip -1c "$2.tar" > "$2"; rm "$2.tar"`;
    const header = fileOf(tarMember("zeros", none, { size: 2 ** 28 }));
    const bomb = join(scratch(), "bomb.gz");
    execFileSync("sh", ["-c", script, "sh", header, bomb]);
    const before = process.memoryUsage().rss;
    const manifest = await manifestOf(bomb, { chunkBytes: 2 ** 20, spanBytes: 2 ** 22 });
    expect(manifest.chunks.length).toBeGreaterThan(255);
    expect(process.memoryUsage().rss - before).toBeLessThan(128 * 2 ** 20);
    const origin = await openOrigin(manifest, bomb);
    const bytes = await origin.fetch(manifest.chunks.at(-1)!, new AbortController().signal);
    expect(bytes.every((byte) => byte === 0)).toBe(true);
    await origin.close();
  });

  test("256 MiB of zeros in zstd arrive in one passage, in memory that stays small", async () => {
    const header = fileOf(tarMember("zeros", none, { size: 2 ** 28 }));
    const bomb = join(scratch(), "bomb.zst");
    execFileSync("sh", ["-c", '(cat "$1"; head -c 268435456 /dev/zero) | zstd -qc > "$2"', "sh", header, bomb]);
    expect(statSync(bomb).size).toBeLessThan(30_000);
    const before = process.memoryUsage().rss;
    const manifest = await manifestOf(bomb, { chunkBytes: 128 * 1024 });
    const origin = await openOrigin(manifest, bomb);
    const left = [...manifest.chunks];
    const reader = async () => {
      for (let chunk = left.shift(); chunk !== undefined; chunk = left.shift()) {
        expect((await origin.fetch(chunk, new AbortController().signal)).length).toBe(chunk.size);
      }
    };
    await Promise.all(Array.from({ length: 8 }, reader));
    expect(origin.counts.bytes).toBe(statSync(bomb).size);
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 2 ** 20);
    await origin.close();
  });

  test("a block of deflate that is larger than a pack is refused", async () => {
    // Stored data in one run of fixed codes: Z_FIXED with the largest memory makes blocks of 2^15 symbols, of 258 bytes each.
    const huge = Buffer.concat([tarMember("zeros", none, { size: 64 * 2 ** 20 }), Buffer.alloc(64 * 2 ** 20), END]);
    const packed = gzipSync(huge, { level: 9, memLevel: 9, strategy: constants.Z_FIXED });
    const manifest = await manifestOf(fileOf(packed));
    expect(Math.max(...manifest.packs.map(({ unpackedSize }) => unpackedSize))).toBeLessThanOrEqual(2 ** 25);
    await expect(manifestOf(fileOf(oneBlock(40 * 2 ** 20)))).rejects.toThrow("its deflate blocks are larger than 32 MiB");
  });

  test("a gzip stream that is cut, or has a bit changed, is refused", async () => {
    const { file } = archived("layer.tar", [], { smallFiles: 10, largeBytes: 200_000 });
    const packed = readFileSync(compressed(file, "gzip"));
    await expect(manifestOf(fileOf(packed.subarray(0, -20)))).rejects.toThrow(/in the middle of its gzip stream/);
    const changed = Buffer.from(packed);
    changed[changed.length >> 1]! ^= 4;
    await expect(manifestOf(fileOf(changed))).rejects.toBeInstanceOf(FusemeterError);
  });

  test("zstd with a window of 1 GiB, with a dictionary, or cut, is refused", async () => {
    const { file } = archived("layer.tar", [], { smallFiles: 10, largeBytes: 200_000 });
    const packed = readFileSync(compressed(file, "zstd", "-q"));
    await expect(manifestOf(fileOf(packed.subarray(0, -3)))).rejects.toThrow("in the middle of its zstd stream");
    // Magic, descriptor without a single segment, window descriptor of 2^30.
    await expect(manifestOf(fileOf(Buffer.from("28b52ffd00a0010000", "hex")))).rejects.toThrow(
      "its window is larger than 128 MiB",
    );
    await expect(manifestOf(fileOf(Buffer.from("28b52ffd015807010000", "hex")))).rejects.toThrow("needs a dictionary");
    // A single segment of 2^40 bytes.
    await expect(manifestOf(fileOf(Buffer.from("28b52ffde00000000000010000010000", "hex")))).rejects.toThrow(
      "its window is larger",
    );
    // A block of 2 MiB, and one of the reserved type.
    await expect(manifestOf(fileOf(Buffer.from("28b52ffd0058feffff00", "hex")))).rejects.toThrow("a block is not of the format");
  });

  test("zeros behind the end of a layer are bounded", async () => {
    const endless = compressed(fileOf(tarMember("a", none), END), "gzip");
    const zeros = join(scratch(), "zeros");
    execFileSync("sh", ["-c", 'cat "$1" > "$2"; head -c 80000000 /dev/zero >> "$2"', "sh", endless, zeros]);
    await expect(manifestOf(zeros)).rejects.toThrow("goes on for more than 64 MiB behind its end");
  });
});

/** A gzip file of zeros in one block of deflate with fixed codes. */
function oneBlock(bytes: number): Buffer {
  const bits: number[] = [];
  const push = (value: number, length: number) => {
    for (let i = 0; i < length; i++) bits.push((value >> i) & 1);
  };
  // The last block, fixed codes; the literal 0 is 00110000.
  push(0b011, 3);
  const literal = (byte: number) =>
    push(Number.parseInt((0x30 + byte).toString(2).padStart(8, "0").split("").reverse().join(""), 2), 8);
  for (const byte of tarMember("zeros", none, { size: bytes })) {
    // Bytes above 143 have codes of 9 bits: a header of tar has none.
    literal(byte);
  }
  literal(0);
  // 258 zeros: length code 285 (11000101), distance code 0 (00000), as often as it takes.
  const run = [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0];
  const runs = Math.ceil(bytes / 258);
  const body = Buffer.alloc(Math.ceil((bits.length + runs * run.length + 7) / 8));
  let at = 0;
  for (const bit of bits) body[at >> 3]! |= bit << (at++ & 7);
  for (let i = 0; i < runs; i++) for (const bit of run) body[at >> 3]! |= bit << (at++ & 7);
  return Buffer.concat([Buffer.from("1f8b08000000000000ff", "hex"), body, Buffer.alloc(8)]);
}

const ROUNDS = Number(process.env.FUZZ_LAYERS ?? 300);

describe.each(["tar", "gzip", "zstd"])("%s with faults", (program) => {
  test(`${ROUNDS} layers with changed bytes are read or refused, and nothing leads outside`, async () => {
    const { file } = archived("layer.tar", ["--format=pax"], { smallFiles: 10, largeBytes: 60_000 });
    const layer = readFileSync(program === "tar" ? file : compressed(file, program, "-q"));
    const random = new Random(Number(process.env.FUZZ_SEED ?? 1));
    const changed = join(scratch(), "layer");
    for (let round = 0; round < ROUNDS; round++) {
      const bytes = Buffer.from(layer);
      for (let faults = 1 + random.below(4); faults > 0; faults--) bytes[random.below(bytes.length)] = random.below(256);
      // A header's checksum is mended, so that the rest of it is looked at too.
      if (program === "tar") mend(bytes, random);
      writeFileSync(changed, random.below(8) === 0 ? bytes.subarray(0, random.below(bytes.length)) : bytes);
      try {
        const manifest = await manifestOf(changed);
        const directories = new Set<string>();
        for (const { path, type } of manifest.entries) {
          if (path !== "") expect([faultOfPath(path), directories.has(parentOf(path))]).toEqual([null, true]);
          if (type === "directory") directories.add(path);
        }
        const origin = await openOrigin(manifest, changed);
        for (const chunk of manifest.chunks)
          expect((await origin.fetch(chunk, new AbortController().signal)).length).toBe(chunk.size);
        await origin.close();
      } catch (error) {
        if (!(error instanceof FusemeterError)) throw error;
        expect(["BAD_LAYER", "BAD_MANIFEST"]).toContain(error.code);
        expect(error.message).toMatch(/^[^\n]{1,400}$/);
      }
    }
  });
});

/** Changes a byte of some header, and makes its checksum right. */
function mend(bytes: Buffer, random: Random): void {
  const headers: number[] = [];
  for (let at = 0; at + 512 <= bytes.length; at += 512)
    if (bytes.toString("latin1", at + 257, at + 262) === "ustar") headers.push(at);
  const header = bytes.subarray(random.of(headers));
  header[random.below(345)] = random.of([0, 0x20, 0x2f, 0x2e, 0x30, 0x37, 0x39, 0x80, 0xff, 0x78, 0x31]);
  header.write("        ", 148, "latin1");
  const sum = header.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
}

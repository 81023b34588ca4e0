import { spawn } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBlanks, transforms } from "../../examples/scoped-storage.js";
import type { SourceFile } from "../../filesystem/index.js";
import { pythonAsNobody } from "../filesystem/as-nobody.js";
import { canMount } from "../filesystem/can-mount.js";
import { type Daemon, startDaemon } from "../filesystem/daemon.js";
import { requestsOf } from "../filesystem/requests.js";
import { coordinates, photo, tiff } from "./photos.js";

let version = 0;

function fileOf(bytes: Buffer): SourceFile {
  const read = (into: Buffer, offset: number) => bytes.copy(into, 0, Math.min(offset, bytes.length));
  return { sizeBytes: bytes.length, version: String(version++), read };
}

/** A file as the transform shows it, read in parts. */
function shown(bytes: Buffer, partBytes = 1000): Buffer {
  const file = fileOf(bytes);
  const result = Buffer.from(bytes);
  for (let at = 0; at < bytes.length; at += partBytes) transforms.withoutLocation(result.subarray(at, at + partBytes), at, file);
  return result;
}

/** EXIF content with a directory that can't be: entries at words of the structure changed. */
function changed(change: (exif: Buffer) => void): Buffer {
  const exif = tiff("II");
  change(exif);
  return photo("II", exif);
}

describe("a photo without its place", () => {
  test.each(["II", "MM"] as const)("%s: has its length, its picture and all else, and no coordinates", (order) => {
    const before = photo(order);
    for (const partBytes of [1, 7, 4096, 1 << 20]) {
      const after = shown(before, partBytes);
      expect(after.length).toBe(before.length);
      expect(after.includes(coordinates)).toBe(false);
      for (const kept of ["Maker\0", "2026:01:02 03:04:05", "a comment", "picturepicture", "JFIF"]) {
        expect(after.includes(kept)).toBe(true);
      }
    }
  });

  test("a GPS directory is left with no entries", () => {
    const before = photo();
    const gps = before.indexOf("Exif\0\0") + 6 + 100;
    expect(before.readUInt16LE(gps)).toBe(2);
    expect(shown(before).readUInt16LE(gps)).toBe(0);
  });

  test("what is no JPEG stays as it is", () => {
    for (const text of ["", "x", "GPS ".repeat(100)]) expect(shown(Buffer.from(text)).toString()).toBe(text);
  });

  test("a file cut anywhere shows no coordinates", () => {
    const whole = photo();
    for (let length = 0; length < 500; length++) {
      const cut = whole.subarray(0, length);
      expect(shown(cut).includes(coordinates)).toBe(false);
    }
  });

  test.each<[string, Buffer]>([
    ["a directory that leads to itself", changed((exif) => exif.writeUInt32LE(8, 46))],
    ["a directory outside of the segment", changed((exif) => exif.writeUInt32LE(60_000, 4))],
    ["a GPS directory outside of the segment", changed((exif) => exif.writeUInt32LE(0xffff_fff0, 42))],
    ["more entries than there is room for", changed((exif) => exif.writeUInt16LE(65_535, 100))],
    ["a value larger than the file", changed((exif) => exif.writeUInt32LE(0xffff_ffff, 118))],
    ["a byte order that there is not", changed((exif) => exif.write("IM"))],
    ["a GPS directory in the EXIF directory", changed((exif) => exif.writeUInt16LE(0x8825, 62))],
    ["a segment shorter than its own length", Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 1]), photo().subarray(2)])],
    ["bytes between segments", Buffer.concat([Buffer.from([0xff, 0xd8, 0x00]), photo().subarray(2)])],
    [
      "a thousand segments before it",
      Buffer.concat([
        Buffer.from([0xff, 0xd8]),
        ...Array.from({ length: 1001 }, () => Buffer.from([0xff, 0xe2, 0, 2])),
        photo().subarray(2),
      ]),
    ],
  ])("shows no coordinates with %s", (_, bytes) => {
    const after = shown(bytes);
    expect(after.includes(coordinates)).toBe(false);
    expect(after.length).toBe(bytes.length);
  });

  test("20,000 headers with bytes changed at random are taken without a fault, in bounds", () => {
    let state = 1;
    const random = (below: number) => {
      // A linear congruential generator: Numerical Recipes.
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    for (let count = 0; count < 20_000; count++) {
      const bytes = photo(count % 2 === 0 ? "II" : "MM").subarray(0, 450);
      for (let changes = random(6); changes >= 0; changes--) bytes[2 + random(448)] = random(256);
      for (const { start, end } of findBlanks(fileOf(bytes))) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThanOrEqual(start);
      }
    }
  });
});

describe.skipIf(!canMount).each(["daemon", "passthrough"])("examples/scoped-storage.ts in %s mode", (mode) => {
  let daemon: Daemon;
  let at: (name: string) => string;
  const read = 'sys.stdout.write(open(sys.argv[1], "rb").read().decode("latin1"))';
  beforeAll(async () => {
    const policy = join(import.meta.dirname, "../../examples/scoped-storage.ts");
    daemon = await startDaemon(["--mode", mode, "--policy", policy, "-o", "allow_other,default_permissions"]);
    chmodSync(daemon.mountpoint, 0o777);
    at = (name) => join(daemon.mountpoint, name);
    for (const name of ["photo.jpg", "photo.txt"]) writeFileSync(at(name), photo(), { mode: 0o666 });
    writeFileSync(at("notes.jpg"), "no photo");
  });
  afterAll(async () => daemon[Symbol.asyncDispose]());

  test.each(["photo.jpg", "photo.txt"])("%s has its place for root alone", (name) => {
    expect(readFileSync(at(name)).equals(photo())).toBe(true);
    const { output } = pythonAsNobody(`sys.stdout.reconfigure(encoding="latin1")\n${read}`, at(name));
    expect(output).toBe(shown(photo()).toString("latin1"));
  });

  test("who may not see the place may not write to the photo", () => {
    expect(pythonAsNobody('open(sys.argv[1], "r+b")', at("photo.jpg")).output).toContain("PermissionError");
  });

  test("a photo that comes to be while its file is open is shown without its place", async () => {
    writeFileSync(at("later.jpg"), "");
    const script = `
import time
f = os.open(sys.argv[1], os.O_RDONLY)
open(sys.argv[1] + ".opened", "w").close()
while os.fstat(f).st_size < 1000: time.sleep(0.01)
sys.stdout.write(str(b"LATITUDE" in os.pread(f, 10000, 0)))`;
    const args = ["--reuid=65534", "--clear-groups", "/usr/bin/python3", "-c", `import os,sys\n${script}`, at("later.jpg")];
    const reader = spawn("setpriv", args, { cwd: "/", stdio: ["ignore", "pipe", "inherit"] });
    const seen = text(reader.stdout);
    await expect.poll(() => existsSync(at("later.jpg.opened"))).toBe(true);
    writeFileSync(at("later.jpg"), photo());
    expect(await seen).toBe("False");
  });

  test("everything else passes through", () => {
    const { READ } = requestsOf(daemon, ["READ"], () => expect(readFileSync(at("notes.jpg"), "utf8")).toBe("no photo"));
    if (mode === "passthrough") expect(READ).toBeUndefined();
  });
});

import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ioctl } from "../../../linux/libc/ioctls.js";
import { Memory } from "../../../linux/libc/memory.js";
import { canMount } from "../can-mount.js";
import { type Daemon, startDaemon, temporaryDirectory } from "../daemon.js";
import { requestsOf } from "../requests.js";

const OPCODES = ["LOOKUP", "GETATTR", "OPEN", "READ", "RELEASE", "OPENDIR", "READDIR", "READDIRPLUS", "RELEASEDIR", "READLINK"];
const FS_IOC_GETFLAGS = 0x80086601;

const source = temporaryDirectory();
const names = Array.from({ length: 20 }, (_, index) => `entry-${index}`).sort();
beforeAll(() => {
  mkdirSync(join(source, "directory"));
  for (const name of names) writeFileSync(join(source, "directory", name), name);
  symlinkSync("directory", join(source, "link"));
});
afterAll(() => rmSync(source, { recursive: true }));

/** The requests of work that was done before: twice, since listing and reading make the kernel ask once more for the time of access. */
function again(daemon: Daemon, work: (at: (name: string) => string) => void): Readonly<Record<string, number>> {
  const at = (name: string) => join(daemon.mountpoint, name);
  work(at);
  work(at);
  return requestsOf(daemon, OPCODES, () => work(at));
}

const stats = (at: (name: string) => string) => {
  for (const name of names) statSync(at(`directory/${name}`));
};
const missing = (at: (name: string) => string) => {
  for (const name of names) expect(existsSync(at(`directory/no-${name}`))).toBe(false);
};
const listing = (at: (name: string) => string) => {
  expect(readdirSync(at("directory")).sort()).toEqual(names);
};
const link = (at: (name: string) => string) => {
  expect(readlinkSync(at("link"))).toBe("directory");
};
const reads = (at: (name: string) => string) => {
  for (const name of names) expect(readFileSync(at(`directory/${name}`), "utf8")).toBe(name);
};

describe.skipIf(!canMount)("what the daemon is still asked for work that was done before", () => {
  // Long enough for a slow machine: nothing may expire meanwhile and be counted.
  const modes = { none: ["--cache", "none"], bounded: ["--cache-seconds", "60"], full: ["--cache", "full"] };
  const mountAs = (mode: keyof typeof modes) => startDaemon(["--mode", "daemon", ...modes[mode]], source);

  test("none: everything", async () => {
    await using daemon = await mountAs("none");
    expect(again(daemon, stats).LOOKUP).toBeGreaterThanOrEqual(20);
    expect(again(daemon, missing).LOOKUP).toBeGreaterThanOrEqual(20);
    expect(again(daemon, listing)).toMatchObject({ OPENDIR: 1, RELEASEDIR: 1 });
    expect(again(daemon, link).READLINK).toBe(1);
    expect(again(daemon, reads)).toMatchObject({ OPEN: 20, READ: expect.any(Number) });
  });

  test("bounded: opening and reading", async () => {
    await using daemon = await mountAs("bounded");
    expect(again(daemon, stats)).toEqual({});
    expect(again(daemon, missing)).toEqual({});
    expect(again(daemon, listing)).toEqual({ OPENDIR: 1, RELEASEDIR: 1 });
    expect(again(daemon, link)).toEqual({});
    expect(again(daemon, reads)).toMatchObject({ OPEN: 20, READ: 20 });
  });

  test("full: opening files", async () => {
    await using daemon = await mountAs("full");
    expect(again(daemon, stats)).toEqual({});
    expect(again(daemon, missing)).toEqual({});
    expect(again(daemon, listing)).toEqual({});
    expect(again(daemon, link)).toEqual({});
    const read = again(daemon, reads);
    expect(read.OPEN).toBe(20);
    expect(read.READ).toBeUndefined();
  });
});

describe.skipIf(!canMount)("directories that are never opened", () => {
  let daemon: Daemon;
  let at: (name: string) => string;
  beforeAll(async () => {
    daemon = await startDaemon(["--cache", "full"], source);
    at = (name) => join(daemon.mountpoint, name);
    readdirSync(at(""));
  });
  afterAll(async () => daemon[Symbol.asyncDispose]());

  test("are listed, a thousand entries too, as they change", () => {
    mkdirSync(at("many"));
    const many = Array.from({ length: 1000 }, (_, index) => `${"n".repeat(50)}${index}`).sort();
    for (const name of many) writeFileSync(at(`many/${name}`), "");
    expect(readdirSync(at("many")).sort()).toEqual(many);
    unlinkSync(at(`many/${many[0]}`));
    expect(readdirSync(at("many")).sort()).toEqual(many.slice(1));
    rmSync(at("many"), { recursive: true });
    expect(existsSync(join(source, "many"))).toBe(false);
  });

  test("are synchronized, and asked for their flags", () => {
    const fd = openSync(at("directory"), "r");
    fsyncSync(fd);
    const [mine, theirs] = [new Memory(8), new Memory(8)];
    expect(ioctl(fd, FS_IOC_GETFLAGS, mine.address)).toBe(0);
    const below = openSync(join(source, "directory"), "r");
    expect(ioctl(below, FS_IOC_GETFLAGS, theirs.address)).toBe(0);
    expect(mine.words[0]).toBe(theirs.words[0]);
    closeSync(fd);
    closeSync(below);
  });
});

describe.skipIf(!canMount)("what changes underneath is seen", () => {
  test("at once with --cache none", async () => {
    await using daemon = await startDaemon(["--cache", "none"]);
    const [at, below] = [join(daemon.mountpoint, "file"), join(daemon.source, "file")];
    expect(existsSync(at)).toBe(false);
    writeFileSync(below, "one");
    expect(readFileSync(at, "utf8")).toBe("one");
    writeFileSync(below, "three");
    expect(lstatSync(at).size).toBe(5);
    unlinkSync(below);
    expect(existsSync(at)).toBe(false);
  });

  test("after the seconds of --cache-seconds", async () => {
    await using daemon = await startDaemon(["--cache-seconds", "0.3"]);
    const [at, below] = [join(daemon.mountpoint, "file"), join(daemon.source, "file")];
    expect(existsSync(at)).toBe(false);
    writeFileSync(below, "one");
    await new Promise((resolve) => setTimeout(resolve, 350));
    expect(readFileSync(at, "utf8")).toBe("one");
    writeFileSync(below, "three");
    await new Promise((resolve) => setTimeout(resolve, 350));
    expect(readFileSync(at, "utf8")).toBe("three");
  });

  test("in listings too, and what the mount itself changes at once", async () => {
    await using daemon = await startDaemon(["--cache-seconds", "0.3"]);
    expect(readdirSync(daemon.mountpoint)).toEqual([]);
    writeFileSync(join(daemon.mountpoint, "mine"), "");
    expect(readdirSync(daemon.mountpoint)).toEqual(["mine"]);
    writeFileSync(join(daemon.source, "theirs"), "");
    await new Promise((resolve) => setTimeout(resolve, 350));
    expect(readdirSync(daemon.mountpoint).sort()).toEqual(["mine", "theirs"]);
  });
});

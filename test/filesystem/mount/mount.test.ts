import { execFileSync, spawn } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  renameSync,
  rmdirSync,
  statfsSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { readStatus } from "../../../filesystem/index.js";
import { ENABLE_URING } from "../../../linux/mounts/fuse-module.js";
import { canMount } from "../can-mount.js";
import { type Daemon, directoryOfTest, isMounted, program, startDaemon, temporaryDirectory } from "../daemon.js";
import { errorOf } from "../error-of.js";
import { offerRings, transports } from "../transports.js";

offerRings();

const ways = transports.flatMap((transport) => ["daemon", "passthrough"].map((mode) => [mode, transport] as const));

describe.skipIf(!canMount).each(ways)("a tree mounted in %s mode over %s", (mode, transport) => {
  let daemon: Daemon;
  let at: (name: string) => string;
  let below: (name: string) => string;
  beforeAll(async () => {
    daemon = await startDaemon(["--mode", mode, "--transport", transport]);
    at = (name) => join(daemon.mountpoint, name);
    below = (name) => join(daemon.source, name);
  });
  afterAll(async () => daemon[Symbol.asyncDispose]());

  test("says what it is in mountinfo", () => {
    const line = readFileSync("/proc/self/mountinfo", "utf8")
      .split("\n")
      .find((each) => each.includes(daemon.mountpoint));
    expect(line).toContain(` fuse.fusemeter ${daemon.source} `);
  });

  test("files are written, appended to, read and cut", () => {
    writeFileSync(at("file"), "hello");
    appendFileSync(at("file"), ", world");
    expect(readFileSync(at("file"), "utf8")).toBe("hello, world");
    expect(readFileSync(below("file"), "utf8")).toBe("hello, world");
    truncateSync(at("file"), 5);
    expect(readFileSync(below("file"), "utf8")).toBe("hello");
    expect(statSync(at("file")).size).toBe(5);
  });

  test("a large file comes back as it went in", () => {
    const data = Buffer.alloc(3_000_001, 7).map((_, index) => index * 31);
    writeFileSync(at("large"), data);
    expect(readFileSync(at("large")).equals(data)).toBe(true);
    expect(readFileSync(below("large")).equals(data)).toBe(true);
  });

  test("directories are made, listed, closed and removed", async () => {
    mkdirSync(at("directory"));
    const names = Array.from({ length: 1000 }, (_, index) => `entry-${index}`).sort();
    for (const name of names) writeFileSync(at(`directory/${name}`), name);
    expect(readdirSync(at("directory")).sort()).toEqual(names);
    expect(readdirSync(below("directory")).sort()).toEqual(names);
    await expect.poll(() => readStatus(daemon.mountpoint).openFiles).toBe(0);
    for (const name of names) unlinkSync(at(`directory/${name}`));
    rmdirSync(at("directory"));
    expect(existsSync(below("directory"))).toBe(false);
  });

  test("names are bytes", () => {
    const name = Buffer.concat([Buffer.from(`${daemon.mountpoint}/`), Buffer.from([0xff, 0xfe, 0x20, 0xc3])]);
    writeFileSync(name, "x");
    const names = readdirSync(daemon.source, { encoding: "buffer" });
    expect(names.some((each) => each.equals(Buffer.from([0xff, 0xfe, 0x20, 0xc3])))).toBe(true);
    unlinkSync(name);
  });

  test("links, symbolic links and new names are those of the source", () => {
    writeFileSync(at("one"), "1");
    linkSync(at("one"), at("two"));
    expect(statSync(at("two")).nlink).toBe(2);
    expect(statSync(at("two")).ino).toBe(statSync(below("one")).ino);
    symlinkSync("one", at("symbolic"));
    expect(readlinkSync(below("symbolic"))).toBe("one");
    expect(lstatSync(at("symbolic")).isSymbolicLink()).toBe(true);
    renameSync(at("two"), at("three"));
    expect(existsSync(below("two"))).toBe(false);
    expect(readFileSync(at("three"), "utf8")).toBe("1");
  });

  test("modes and times are set to the nanosecond's microsecond", () => {
    writeFileSync(at("timed"), "");
    chmodSync(at("timed"), 0o640);
    utimesSync(at("timed"), 1_000_000.25, 2_000_000.5);
    const seen = statSync(below("timed"));
    expect(seen.mode & 0o7777).toBe(0o640);
    expect([seen.atimeMs, seen.mtimeMs]).toEqual([1_000_000_250, 2_000_000_500]);
    expect(statSync(at("timed")).mtimeMs).toBe(2_000_000_500);
  });

  test("times before 1970 are kept", () => {
    writeFileSync(at("old"), "");
    // Node takes negative times for "now".
    execFileSync("touch", ["-d", "1969-12-31 00:00:00 UTC", at("old")]);
    expect(statSync(at("old")).mtimeMs).toBe(-86_400_000);
    expect(statSync(below("old")).mtimeMs).toBe(-86_400_000);
  });

  test("a file that is removed while open stays readable", () => {
    writeFileSync(at("gone"), "still here");
    const fd = openSync(at("gone"), "r");
    unlinkSync(at("gone"));
    const buffer = Buffer.alloc(10);
    expect(readSync(fd, buffer)).toBe(10);
    expect(buffer.toString()).toBe("still here");
    closeSync(fd);
  });

  test("a symbolic link out of the source is the caller's to follow, never the daemon's", () => {
    const outside = temporaryDirectory();
    writeFileSync(join(outside, "secret"), "secret");
    symlinkSync(outside, at("out"));
    expect(lstatSync(at("out")).isSymbolicLink()).toBe(true);
    expect(readlinkSync(at("out"))).toBe(outside);
    execFileSync("rm", ["-r", outside]);
    unlinkSync(at("out"));
  });

  test("cp -a makes an equal tree", () => {
    const from = join(import.meta.dirname, "../../../filesystem");
    execFileSync("cp", ["-a", from, at("copied")]);
    execFileSync("diff", ["-r", from, at("copied")]);
    execFileSync("diff", ["-r", from, below("copied")]);
  });

  test("statfs tells the source's numbers", () => {
    const [mine, theirs] = [statfsSync(daemon.mountpoint), statfsSync(daemon.source)];
    expect([mine.blocks, mine.bsize, mine.files]).toEqual([theirs.blocks, theirs.bsize, theirs.files]);
  });

  test("one file open for reading and for writing at a time", () => {
    writeFileSync(at("both"), "before");
    const reader = openSync(at("both"), "r");
    const writer = openSync(at("both"), "r+");
    const both = openSync(at("both"), "w+");
    appendFileSync(at("both"), "after");
    const buffer = Buffer.alloc(5);
    expect(readSync(reader, buffer, 0, 5, 0)).toBe(5);
    expect(buffer.toString()).toBe("after");
    for (const fd of [reader, writer, both]) closeSync(fd);
  });
});

test.skipIf(!canMount)("a mount is shown under the name that -o fsname gives it", async () => {
  await using daemon = await startDaemon(["-o", "fsname=mirror,noatime,ro"]);
  const mounts = readFileSync("/proc/self/mountinfo", "utf8");
  expect(mounts).toMatch(new RegExp(` ${daemon.mountpoint} ro,noatime - fuse.fusemeter mirror `));
  expect(() => writeFileSync(join(daemon.mountpoint, "file"), "")).toThrow("EROFS");
});

test.skipIf(!canMount || !transports.includes("io-uring"))(
  "rings that the kernel does not offer are refused before a mount is there to be seen",
  async () => {
    writeFileSync(ENABLE_URING, "N");
    onTestFinished(() => writeFileSync(ENABLE_URING, "Y"));
    const trace = join(directoryOfTest(), "trace");
    const wrapper = ["strace", "-f", "-e", "trace=mount", "-o", trace];
    await expect(startDaemon(["--transport", "io-uring"], undefined, wrapper)).rejects.toThrow(
      "this kernel does not offer FUSE over io_uring",
    );
    expect(readFileSync(trace, "utf8")).not.toContain("mount(");
    await using daemon = await startDaemon(["--transport", "auto"]);
    expect(daemon.errors()).toContain("transport device");
  },
);

describe.skipIf(!canMount).each(transports)("the end of a mount over %s", (transport) => {
  test.each(["SIGTERM", "SIGINT"] as const)("%s unmounts and exits 0", async (signal) => {
    const daemon = await startDaemon(["--transport", transport]);
    daemon.process.kill(signal);
    expect(await daemon.ended()).toBe(0);
    expect(isMounted(daemon.mountpoint)).toBe(false);
    await daemon[Symbol.asyncDispose]();
  });

  test("a mount in use is detached and aborted", async () => {
    const daemon = await startDaemon(["--mode", "daemon", "--transport", transport]);
    writeFileSync(join(daemon.mountpoint, "file"), "x");
    const fd = openSync(join(daemon.mountpoint, "file"), "r");
    daemon.process.kill("SIGTERM");
    expect(await daemon.ended()).toBe(0);
    expect(isMounted(daemon.mountpoint)).toBe(false);
    expect(() => closeSync(fd)).toThrow("ENOTCONN");
    await daemon[Symbol.asyncDispose]();
  });

  test("umount ends the daemon", async () => {
    const daemon = await startDaemon(["--transport", transport]);
    execFileSync("umount", [daemon.mountpoint]);
    expect(await daemon.ended()).toBe(0);
    await daemon[Symbol.asyncDispose]();
  });

  test("umount ends a daemon of which some threads are not ready yet", async () => {
    const words = ["--transport", transport, ...(transport === "device" ? ["--workers", "8"] : [])];
    for (let round = 0; round < 5; round++) {
      const source = directoryOfTest();
      const mountpoint = directoryOfTest();
      const child = spawn(process.execPath, [program, "mount", ...words, source, mountpoint], { stdio: "ignore" });
      onTestFinished(() => void child.kill("SIGKILL"));
      const ended = new Promise((resolve) => child.on("exit", resolve));
      await expect.poll(() => isMounted(mountpoint), { interval: 1, timeout: 20_000 }).toBe(true);
      // Answered by the first thread that serves.
      readdirSync(mountpoint);
      execFileSync("umount", [mountpoint]);
      expect(await ended).toBe(0);
    }
  });

  test("what a killed daemon leaves, umount clears", async () => {
    const daemon = await startDaemon(["--transport", transport]);
    daemon.process.kill("SIGKILL");
    await daemon.ended();
    // The kernel takes a ring apart after its process has ended; a request that comes meanwhile is cancelled.
    await expect.poll(() => errorOf(() => statSync(join(daemon.mountpoint, "x")))).toBe("ENOTCONN");
    execFileSync("umount", [daemon.mountpoint]);
    expect(isMounted(daemon.mountpoint)).toBe(false);
    await daemon[Symbol.asyncDispose]();
  });
});

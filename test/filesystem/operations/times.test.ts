import { execFileSync } from "node:child_process";
import { readFileSync, rmdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { canMount } from "../can-mount.js";
import { startDaemon, temporaryDirectory } from "../daemon.js";

const OLD_SECONDS = 1_000_000_000;

describe.skipIf(!canMount).each(["daemon", "passthrough"])("times in %s mode", (mode) => {
  test.each([
    ["changes the source's access time", [], false],
    ["changes no access time with -o noatime", ["-o", "noatime"], true],
    ["changes no access time with -o ro", ["-o", "ro"], true],
    ["changes an access time that is as old with -o relatime", ["-o", "relatime"], false],
    ["changes each access time with -o strictatime", ["-o", "strictatime"], false],
  ])("reading %s", async (_, words, keeps) => {
    const source = temporaryDirectory();
    execFileSync("mount", ["-t", "tmpfs", "-o", "strictatime", "times", source]);
    try {
      await using daemon = await startDaemon(["--mode", mode, ...words], source);
      const file = join(source, "file");
      writeFileSync(file, "x");
      utimesSync(file, OLD_SECONDS, OLD_SECONDS);
      expect(readFileSync(join(daemon.mountpoint, "file"), "utf8")).toBe("x");
      expect(statSync(file).atimeMs === OLD_SECONDS * 1000).toBe(keeps);
    } finally {
      execFileSync("umount", [source]);
      rmdirSync(source);
    }
  });

  test("what a mapping wrote is known when the file is closed, also where nothing else makes the kernel ask", async () => {
    await using daemon = await startDaemon(["--mode", mode, "--cache", "full"]);
    const file = join(daemon.mountpoint, "file");
    writeFileSync(file, Buffer.alloc(1 << 16));
    utimesSync(file, OLD_SECONDS, OLD_SECONDS);
    // stat(1) asks for no more than it prints: a field that the kernel knows to be old would make it ask for all.
    const modified = (path: string) => Number(execFileSync("stat", ["-c", "%Y", path], { encoding: "utf8" }));
    expect(modified(file)).toBe(OLD_SECONDS);
    execFileSync("fio", [
      "--name=map",
      `--filename=${file}`,
      "--ioengine=mmap",
      "--rw=write",
      "--size=64k",
      "--overwrite=1",
      "--fallocate=none",
    ]);
    expect(modified(file)).toBeGreaterThan(OLD_SECONDS);
    expect(modified(file)).toBe(modified(join(daemon.source, "file")));
  });
});

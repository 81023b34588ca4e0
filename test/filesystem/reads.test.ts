import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canMount } from "./can-mount.js";
import { startDaemon, temporaryDirectory } from "./daemon.js";
import { countCalls, fio } from "./load.js";

const has = (command: string) => spawnSync("which", [command]).status === 0;
const canCount = process.env.CI === "true" || (canMount && has("fio") && has("strace"));

/** 1 read in 16 blocks, none twice: sparse enough that the kernel never reads ahead. */
const FILE_BYTES = 64 << 20;
const READS = 1024;

const source = temporaryDirectory();
beforeAll(() => writeFileSync(join(source, "file"), Buffer.alloc(FILE_BYTES, 1)));
afterAll(() => rmSync(source, { recursive: true }));

function readRandomly(file: string): void {
  fio(file, ["--rw=randread", "--bs=4k", `--io_size=${READS * 4096}`, `--size=${FILE_BYTES}`]);
}

describe.skipIf(!canCount)("what a 4 KiB random read costs", () => {
  test("three system calls of the daemon in daemon mode", async () => {
    await using daemon = await startDaemon(["--mode", "daemon", "--transport", "device"], source);
    const calls = await countCalls(daemon, () => readRandomly(join(daemon.mountpoint, "file")));
    expect(calls("pread64")).toBeGreaterThanOrEqual(READS);
    for (const name of ["read", "pread64", "write"]) expect(calls(name)).toBeLessThan(READS * 1.05);
  });

  test("no request in passthrough mode", async () => {
    const daemon = await startDaemon(["--mode", "passthrough", "--debug"], source);
    readRandomly(join(daemon.mountpoint, "file"));
    await daemon[Symbol.asyncDispose]();
    expect(daemon.errors()).toMatch(/rx \d+: OPEN/);
    expect(daemon.errors()).not.toMatch(/rx \d+: READ /);
  });
});

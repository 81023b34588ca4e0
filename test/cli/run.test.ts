import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa, execaSync, type Options } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Cell } from "../../results/index.js";
import { readRun } from "../../results/store.js";
import { canMount } from "../filesystem/can-mount.js";
import { mountsBelow, processesNaming, program } from "../machine.js";
import { figuresOf } from "../reports/run-of.js";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fusemeter-run-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const out = () => join(folder, "out");

function fusemeter(args: readonly string[], options: Options = {}) {
  return execa(process.execPath, [program, "run", "--out", out(), ...args], { reject: false, ...options });
}

/** Nothing of a run stays but its result. */
function expectNothingLeft() {
  expect(mountsBelow(folder)).toEqual([]);
  expect(processesNaming(folder)).toEqual([]);
  const inOut = readdirSync(folder).includes("out") ? readdirSync(out()) : [];
  expect(inOut.filter((name) => name.startsWith("fusemeter-"))).toEqual([]);
}

const small = ["--sizes", "4KB", "--caches", "warm", "--file-size", "128MB", "--blocks", "1", "--seed", "1"];

describe("bad use of run", () => {
  test.each([
    [["--workloads", "rnd-xx-1th-1f"], 2, "seq-rd-1th-1f, rnd-rd-1th-1f"],
    [["--backends", "fuze"], 2, "native, fuse, fuse-uring, passthrough"],
    [["--backend", "mine=daemon {source}"], 2, "{mountpoint}"],
    [["--sizes", "5KB"], 2, "multiple of 4KB"],
    [["--sizes", "big"], 2, "128KB"],
    [["--caches", "tepid"], 2, "cold, warm, hot"],
    [["--profile", "slow"], 2, "quick, ci, paper"],
    [["--blocks", "0"], 2, "whole number from 1"],
    [["--file-size", "1MB"], 2, "--file-size"],
    [["--seed", "x"], 2, "whole number"],
    [["--directory", "/etc/hostname/below"], 2, "--directory"],
    [["--file-size", "900TB"], 2, "room"],
    [["--resume", "/nowhere"], 2, "run.json"],
    [["--no-such-option"], 2, "--no-such-option"],
  ])("%j: exit %i, one line that says %j", async (args, exitCode, words) => {
    const result = await fusemeter(args);
    expect(result.stderr).toContain(words);
    expect(result.exitCode).toBe(exitCode);
    expect(
      String(result.stderr)
        .split("\n")
        .filter((line) => line.startsWith("fusemeter:") || line.startsWith("error:")),
    ).toHaveLength(1);
    expect(result.stdout).toBe("");
    expectNothingLeft();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("without fio it says how to get it", async () => {
    const result = await fusemeter(small, { env: { PATH: "/nowhere" } });
    expect(result.stderr).toContain("apt-get install");
    expect(result.exitCode).toBe(3);
  });
});

describe.skipIf(!canMount)("run on a host that lacks something", () => {
  test("without root and the right to open /dev/fuse: exit 3, and what can be measured all the same", async () => {
    const mode = statSync("/dev/fuse").mode & 0o777;
    chmodSync("/dev/fuse", 0o600);
    try {
      const result = await fusemeter(small, { uid: 65534, gid: 65534 });
      expect(result.stderr).toContain("mounting needs root");
      expect(result.exitCode).toBe(3);
    } finally {
      chmodSync("/dev/fuse", mode);
    }
  });

  test("without /dev/fuse: exit 3 and how to get it", async () => {
    const script = 'mount -t tmpfs tmpfs /dev && mknod /dev/null c 1 3 && mknod /dev/urandom c 1 9 && exec "$@"';
    const args = ["--mount", "sh", "-c", script, "sh", process.execPath, program, "run", "--out", out(), ...small];
    const result = await execa("unshare", args, { reject: false });
    expect(result.stderr).toContain("modprobe fuse");
    expect(result.exitCode).toBe(3);
    expectNothingLeft();
  });

  test("a directory in memory is never cold", async () => {
    const result = await fusemeter(["--caches", "cold", "--directory", "/dev/shm/fusemeter-test", "--file-size", "128MB"]);
    rmSync("/dev/shm/fusemeter-test", { recursive: true, force: true });
    expect(result.stderr).toContain("--caches warm");
    expect(result.exitCode).toBe(2);
  });

  test("a directory without room", async () => {
    const small = join(folder, "small");
    execaSync("mkdir", [small]);
    execaSync("mount", ["-t", "tmpfs", "-o", "size=16m", "tmpfs", small]);
    try {
      const result = await fusemeter(["--caches", "warm", "--directory", small, "--file-size", "128MB"]);
      expect(result.stderr).toContain("room");
      expect(result.exitCode).toBe(2);
      expect(readdirSync(small)).toEqual([]);
    } finally {
      execaSync("umount", [small]);
    }
  });
});

function cellOf(cells: readonly Cell[], backend: string, workload: string): Cell {
  return cells.find((cell) => cell.backend === backend && cell.workload === workload)!;
}

function expectWithin(value: number, expected: number, tolerance: number) {
  expect(Math.abs(value - expected), `${value} is to be ${expected} within ${tolerance}`).toBeLessThanOrEqual(tolerance);
}

describe.skipIf(!canMount)("run", () => {
  test("counts what one read costs on each backend", async () => {
    const result = await fusemeter([
      "--sizes",
      "4KB",
      "--caches",
      "warm",
      "--file-size",
      "512MB",
      "--blocks",
      "1",
      "--seed",
      "7",
    ]);
    expect(result.stderr).not.toContain("failed");
    expect(result.exitCode).toBe(0);
    const { cells, complete, host } = await readRun(out());
    expect(complete).toBe(true);
    expect(host.fuse.abi).toMatch(/^7\.\d+$/);
    const perIo = (backend: string, workload: string) => {
      const { operations, syscalls, requests } = figuresOf(cellOf(cells, backend, workload).counts[0]!);
      return {
        application: syscalls.application! / operations,
        daemon: syscalls.daemon === null ? null : syscalls.daemon / operations,
        requests: requests === null ? null : (requests.READ ?? 0) / operations,
      };
    };
    for (const backend of ["native", "native-again", "fuse", "passthrough"]) {
      expectWithin(perIo(backend, "rnd-rd-1th-1f").application, 1, 0.02);
    }
    expect(perIo("native", "rnd-rd-1th-1f")).toMatchObject({ daemon: null, requests: null });
    const fuse = perIo("fuse", "rnd-rd-1th-1f");
    // A thread of the daemon may finish its start-up work while the load runs.
    expectWithin(fuse.daemon!, 3, 0.05);
    expectWithin(fuse.requests!, 1, 0.02);
    const passthrough = perIo("passthrough", "rnd-rd-1th-1f");
    expect(passthrough.daemon).toBeLessThan(0.005);
    expect(passthrough.requests).toBe(0);
    const sequential = perIo("fuse", "seq-rd-1th-1f");
    expectWithin(sequential.requests! * 32, 1, 0.05);
    for (const name of ["report.html", "report.md", "cells.csv", "samples.csv"]) expect(readdirSync(out())).toContain(name);
    expectNothingLeft();
  });

  test("a daemon killed under load fails its sample alone", async () => {
    // It outlives the one read of the startup overhead (a thousand or so reads to start), and dies in the middle of the load.
    const watch = "while [ $(awk '/^syscr/ {print $2}' /proc/$pid/io) -lt 5000 ]; do sleep 0.01; done; kill -9 $pid; wait $pid";
    const serve = `'${process.execPath}' '${program}' mount --mode daemon --transport device {source} {mountpoint}`;
    const mortal = `sh -c '"$0" "$@" & pid=$!; ${watch.replaceAll("'", "'\\''")}' ${serve}`;
    const result = await fusemeter([
      "--backends",
      "native,fuse",
      "--backend",
      `mortal=${mortal}`,
      "--workloads",
      "rnd-rd-1th-1f",
      ...small,
      "--file-size",
      "256MB",
    ]);
    expect(result.exitCode).toBe(3);
    expect(result.stderr).toMatch(/failed: .* on mortal, block 1: .*(137|SIGKILL)/);
    const { cells, complete } = await readRun(out());
    expect(complete).toBe(true);
    const { samples, counts } = cellOf(cells, "mortal", "rnd-rd-1th-1f");
    for (const sample of [samples[0], counts[0]]) {
      expect(sample).toMatchObject({ ok: false, failure: expect.stringContaining("ended under load") });
    }
    expect(cellOf(cells, "fuse", "rnd-rd-1th-1f").samples[0]!.ok).toBe(true);
    expectNothingLeft();
  });

  test.each(["SIGINT", "SIGTERM"] as const)("%s keeps the samples, leaves nothing, and --resume goes on", async (signal) => {
    const run = fusemeter(["--workloads", "rnd-rd-1th-1f", ...small, "--blocks", "2"]);
    while ((await readRun(out()).catch(() => null))?.cells.length !== 2) await sleep(20);
    run.kill(signal);
    const result = await run;
    expect(result.exitCode).toBe(signal === "SIGINT" ? 130 : 143);
    expect(result.stderr).toContain("--resume");
    expectNothingLeft();
    const before = await readRun(out());
    expect(before.complete).toBe(false);
    expect(before.cells.length).toBeGreaterThanOrEqual(2);

    const again = await execa(process.execPath, [program, "run", "--resume", out()], { reject: false });
    expect(again.exitCode).toBe(0);
    const after = await readRun(out());
    expect(after.complete).toBe(true);
    expect(after.cells).toHaveLength(4);
    for (const cell of after.cells) expect(cell.samples.map(({ block }) => block).sort()).toEqual([0, 1]);
    for (const [index, cell] of before.cells.entries()) {
      expect(after.cells[index]!.samples.slice(0, cell.samples.length)).toEqual(cell.samples);
    }
    expectNothingLeft();
  });
});

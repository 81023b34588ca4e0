import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DecisionJson } from "../../reports/gate/decision-json.js";
import { readRun } from "../../results/index.js";
import { faultyDaemon } from "../../studies/faults/faulty-daemon.js";
import { canMount } from "../filesystem/can-mount.js";
import { mountsBelow, program } from "../machine.js";

describe.skipIf(!canMount)("the gate on two builds that take turns", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "fusemeter-builds-"));
  });
  afterAll(() => {
    expect(mountsBelow(folder)).toEqual([]);
    rmSync(folder, { recursive: true, force: true });
  });

  /** A build whose program mounts our daemon with a fault in it. @returns its directory */
  function build(name: string, fault: string): string {
    const directory = join(folder, name);
    mkdirSync(directory, { recursive: true });
    const line = faultyDaemon(fault).replace("{source} {mountpoint}", '"$@"');
    writeFileSync(join(directory, "serve"), `#!/bin/sh\nexec ${line}\n`, { mode: 0o755 });
    return directory;
  }

  async function gate(headFault: string, ...words: readonly string[]) {
    const out = join(folder, `out-${headFault.split(":")[0]}`);
    const builds = ["--base", build("base", "none"), "--head", build("head", headFault)];
    const serve = ["--serve", "{dir}/serve {source} {mountpoint}"];
    const grid = ["--workloads", "rnd-rd-1th-1f", "--file-size", "64MB", "--history", "none", "--out", out, "--json", ...words];
    const { exitCode, stdout, stderr } = await execa(process.execPath, [program, "gate", ...builds, ...serve, ...grid], {
      reject: false,
    });
    expect(exitCode, stderr).toBe(1);
    const { rows, verdict } = JSON.parse(stdout) as DecisionJson;
    const worse = rows.filter((row) => row.verdict === "worse").map(({ measure }) => measure);
    return { run: await readRun(out), rows, verdict, worse };
  }

  test("a head that is twice as slow: found by its time, in rounds of which base has two mounts", async () => {
    const { run, rows, verdict, worse } = await gate("slow:30000", "--measures", "times");
    expect(verdict).toBe("regression");
    expect(worse).toContain("mean latency");
    const row = rows.find(({ measure }) => measure === "mean latency")!;
    expect(row).toMatchObject({ backend: "daemon", place: "rnd-rd-1th-1f 4 KiB warm, one-core", unit: "us" });
    const rounds = Object.fromEntries(run.cells.map(({ backend, slices }) => [backend, slices[0]!.rounds.length]));
    expect(Object.keys(rounds).toSorted()).toEqual(["base-again-daemon", "base-daemon", "head-daemon"]);
    expect(rounds["head-daemon"]).toBeGreaterThanOrEqual(4);
    expect(new Set(Object.values(rounds)).size).toBe(1);
    // No counts are asked for.
    expect(run.cells.flatMap(({ samples, counts }) => [...samples, ...counts])).toEqual([]);
  });

  test("a head that makes one system call more: found by its counts, before any slice", async () => {
    const { run, worse } = await gate("syscall");
    expect(worse).toEqual(["daemon system calls"]);
    expect(run.cells.flatMap(({ slices }) => slices)).toEqual([]);
    // Base is not counted under its other name.
    expect(run.cells.map(({ backend, counts }) => [backend, counts.length]).toSorted()).toEqual([
      ["base-daemon", 2],
      ["head-daemon", 2],
    ]);
  });
});

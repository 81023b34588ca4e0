import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Cell, type Run, readRun } from "../../results/index.js";
import { canMount } from "../filesystem/can-mount.js";
import { mountsBelow, processesNaming, program } from "../machine.js";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fusemeter-run-slices-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const out = () => join(folder, "out");
const fusemeter = (args: readonly string[]) => execa(process.execPath, [program, "run", ...args], { reject: false });
const run = (args: readonly string[]) => fusemeter(["--out", out(), ...args]);

const cell = ["--workloads", "rnd-rd-1th-1f", "--sizes", "4KB", "--caches", "warm", "--file-size", "64MB", "--seed", "1"];
const small = [...cell, "--backends", "native,fuse", "--placements", "scheduler"];

/** Nothing of a run stays but its result. */
function expectNothingLeft() {
  expect(mountsBelow(folder)).toEqual([]);
  expect(processesNaming(folder)).toEqual([]);
  expect(readdirSync(out()).filter((name) => name.startsWith("fusemeter-"))).toEqual([]);
}

/** The numbers of a cell's rounds of slices, failed ones included. */
const roundsOf = ({ slices }: Cell) => slices.flatMap(({ rounds }) => rounds.map(({ round }) => round));
const failuresOf = ({ cells }: Run, name: string) =>
  cells
    .filter(({ backend }) => backend === name)
    .flatMap(({ slices }) => slices.flatMap(({ rounds }) => rounds.flatMap((round) => (round.ok ? [] : [round.failure]))));

describe.skipIf(!canMount)("rounds of slices in a run", () => {
  test("--blocks takes exactly so many", async () => {
    const { exitCode } = await run([...small, "--blocks", "2"]);
    expect(exitCode).toBe(0);
    const { cells } = await readRun(out());
    expect(cells.map(({ backend }) => backend).toSorted()).toEqual(["fuse", "native", "native-again"]);
    for (const one of cells) expect(roundsOf(one)).toEqual([0, 1]);
    expectNothingLeft();
  });

  test("a precision out of reach says what was reached, and why not more", async () => {
    const { exitCode, stderr } = await run([...small, "--precision", "0.01", "--budget", "0.1"]);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /fuse .*: within [\d.]+ % after \d+ rounds, (not within 0\.01 %|fewer than the \d+ that are judged); the budget of 6 s is spent/,
    );
    expect((await readRun(out())).complete).toBe(true);
    expectNothingLeft();
  });

  test("a daemon that dies fails its rounds alone, and later rounds go on", async () => {
    const own = `'${process.execPath}' '${program}' mount --mode daemon --transport device {source} {mountpoint}`;
    // It dies under slices alone, whose mounts have another name than those of fio's samples.
    const whileServing = "while kill -0 $pid; do sleep 0.1; done";
    const strike = 'until grep -qF " $at " /proc/self/mountinfo; do sleep 0.01; done; sleep 0.4; kill -9 $pid';
    const script = `for at; do :; done; "$0" "$@" & pid=$!; case $at in */mount) ${strike};; *) ${whileServing};; esac; wait $pid`;
    const mortal = `mortal=sh -c '${script}' ${own}`;
    const { exitCode, stderr } = await run([...small, "--blocks", "2", "--backend", mortal]);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/failed: slices of .* on mortal, scheduler, round 1: /);
    const result = await readRun(out());
    expect(result.complete).toBe(true);
    expect(failuresOf(result, "mortal")).toHaveLength(2);
    expect(failuresOf(result, "mortal")[0]).toContain("the daemon ended");
    for (const name of ["native", "native-again", "fuse"]) expect(failuresOf(result, name)).toEqual([]);
    for (const one of result.cells) expect(roundsOf(one)).toEqual([0, 1]);
    expectNothingLeft();
  });

  test.each(["SIGINT", "SIGTERM"] as const)("%s keeps the rounds and leaves nothing, and --resume goes on", async (signal) => {
    const running = run([...small, "--blocks", "4"]);
    const taken = async () => (await readRun(out()).catch(() => null))?.cells.flatMap(roundsOf) ?? [];
    while (!(await taken()).includes(0)) await sleep(20);
    // In the middle of the round after it.
    await sleep(1000);
    running.kill(signal);
    const { exitCode, stderr } = await running;
    expect(exitCode).toBe(signal === "SIGINT" ? 130 : 143);
    expect(stderr).toContain("--resume");
    expectNothingLeft();
    const before = await readRun(out());
    expect(before.complete).toBe(false);

    const again = await fusemeter(["--resume", out()]);
    expect(again.exitCode).toBe(0);
    const after = await readRun(out());
    expect(after.complete).toBe(true);
    for (const [index, one] of after.cells.entries()) {
      const earlier = before.cells[index]!.slices.flatMap(({ rounds }) => rounds);
      expect(one.slices.flatMap(({ rounds }) => rounds).slice(0, earlier.length)).toEqual(earlier);
      expect(roundsOf(one)).toEqual([0, 1, 2, 3]);
    }
    expectNothingLeft();
  });
});

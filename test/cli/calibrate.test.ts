import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";
import { calibration, unitName } from "../../results/calibration.js";
import { readRun } from "../../results/store.js";
import { fuseSupport } from "../../runners/host/fuse.js";
import { canMount } from "../filesystem/can-mount.js";
import { program } from "../machine.js";
import { figuresOf, runOf } from "../reports/run-of.js";

const folder = mkdtempSync(join(tmpdir(), "fusemeter-test-calibrate-"));
afterAll(() => rmSync(folder, { recursive: true }));

const calibrate = (...words: string[]) =>
  execa(process.execPath, [program, "calibrate", "--file-size", "64MB", "--directory", folder, ...words], { reject: false });

test.runIf(canMount)("every unit is measured once a round, and nothing is left behind", async () => {
  const { stdout, exitCode } = await calibrate("--rounds", "1", "--seed", "1", "--json");
  expect(exitCode).toBe(0);
  const { units, roundTrips } = calibration.parse(JSON.parse(stdout));
  expect(units.map(({ name }) => name).toSorted()).toEqual([...unitName.options].toSorted());
  for (const { name, samplesNs, unavailable } of units) {
    expect([name, samplesNs.length]).toEqual([name, unavailable === null ? 1 : 0]);
  }
  // Of a kernel with FUSE: one read(2) and one write(2) of the daemon, and nothing else.
  const device = roundTrips.find(({ name }) => name === "roundTripDevice")!;
  expect(device.applicationSyscalls).toBeCloseTo(1, 2);
  expect(Math.abs(device.daemonSyscalls! - 2)).toBeLessThan(0.1);
  // Over io_uring one call answers and waits; where the kernel can do it, calibrate turns it on by itself.
  const rings = roundTrips.find(({ name }) => name === "roundTripIoUring");
  if (fuseSupport().ioUring !== "missing") expect(Math.abs(rings!.daemonSyscalls! - 1)).toBeLessThan(0.1);
  expect(readdirSync(folder)).toEqual([]);
});

test.runIf(canMount)("a run calibrates before each block, and its report predicts its reads", async () => {
  const out = join(folder, "result");
  const words = ["--calibrate", "--backends", "native", "--workloads", "rnd-rd-1th-1f", "--sizes", "4KB", "--caches", "warm"];
  const size = ["--blocks", "1", "--file-size", "64MB", "--directory", folder, "--out", out];
  const { exitCode } = await execa(process.execPath, [program, "run", ...words, ...size], { reject: false });
  expect(exitCode).toBe(0);
  const { calibration, cells } = await readRun(out);
  expect(calibration!.units.find(({ name }) => name === "readCall")!.samplesNs).toHaveLength(1);
  expect(cells.map(({ counts }) => figuresOf(counts[0]!).voluntarySwitches.application)).toEqual(
    cells.map(() => expect.any(Number)),
  );
  const report = readFileSync(join(out, "report.md"), "utf8");
  expect(report).toMatch(/## Where the time goes\n\n.*\n.*\n\| rnd-rd-1th-1f 4 KiB warm +\| native /);
  expect(readdirSync(join(out, "charts"))).toContain("model-rnd-rd-1th-1f-warm-4096.png");
  rmSync(out, { recursive: true });
});

test.each([
  [["--rounds", "0"], /invalid --rounds "0": expected a whole number from 1 to 10000/],
  [["--file-size", "many"], /invalid --file-size "many": expected a number/],
  [["--into", "/nowhere"], /not a result that can be read: ENOENT/],
])("%j is refused with exit code 2", async (words, message) => {
  const { stderr, exitCode } = await calibrate(...words);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(message);
});

test("another host's result is left as it is", async () => {
  const path = join(folder, "run.json");
  writeFileSync(path, JSON.stringify(runOf([])));
  const before = readFileSync(path, "utf8");
  const { stderr, exitCode } = await calibrate("--into", path);
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/was measured on another host or disk/)]);
  expect(readFileSync(path, "utf8")).toBe(before);
  rmSync(path);
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { joulesBetween, readEnergy } from "../../../runners/counters/energy.js";

const folder = mkdtempSync(join(tmpdir(), "fusemeter-energy-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A folder as the kernel's powercap class has it: this machine may have no counters. */
function zone(name: string, label: string, microjoules: number): void {
  mkdirSync(join(folder, name), { recursive: true });
  const files = { name: `${label}\n`, energy_uj: `${microjoules}\n`, max_energy_range_uj: "262143328850\n" };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), text);
}

test("the packages' energy, not that of their parts, and over a counter's start from 0", () => {
  zone("intel-rapl:0", "package-0", 1_000_000);
  zone("intel-rapl:0:0", "core", 400_000);
  zone("intel-rapl:1", "package-1", 262_143_000_000);
  mkdirSync(join(folder, "intel-rapl"));
  const before = readEnergy(folder);
  zone("intel-rapl:0", "package-0", 3_500_000);
  zone("intel-rapl:0:0", "core", 900_000);
  zone("intel-rapl:1", "package-1", 671_150);
  expect(joulesBetween(before, readEnergy(folder))).toBeCloseTo(2.5 + 1, 6);
});

test("no counters: no figure", () => {
  expect(readEnergy(join(folder, "nothing"))).toBeNull();
  expect(joulesBetween(null, null)).toBeNull();
});

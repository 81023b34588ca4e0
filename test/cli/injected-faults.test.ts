import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DecisionJson } from "../../reports/gate/decision-json.js";
import { countedFaults, soundDaemons } from "../../studies/faults/faulty-daemon.js";
import { canMount } from "../filesystem/can-mount.js";
import { mountsBelow, program } from "../machine.js";

describe.skipIf(!canMount)("the gate, with a fault injected into a daemon", () => {
  let folder: string;
  let baseline: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "fusemeter-faults-"));
    baseline = join(folder, "baseline.json");
    const daemons = Object.entries(soundDaemons).flatMap(([name, command]) => ["--backend", `${name}=${command}`]);
    const { exitCode, stderr } = await gate("--save", baseline, "--backends", "native", ...daemons, "--file-size", "128MB");
    expect(exitCode, stderr).toBe(0);
  });

  afterAll(() => {
    expect(mountsBelow(folder)).toEqual([]);
    rmSync(folder, { recursive: true, force: true });
  });

  async function gate(...words: readonly string[]) {
    const out = join(folder, "out");
    const fixed = ["--measures", "counts", "--history", "none", "--out", out, "--json"];
    const result = await execa(process.execPath, [program, "gate", ...words, ...fixed], { reject: false });
    rmSync(out, { recursive: true, force: true });
    return result;
  }

  const measureOf = (name: "daemon" | "pass", command: string, workload: string) =>
    gate("--baseline", baseline, "--backends", name, "--backend", `${name}=${command}`, "--workloads", workload);

  test("without a fault: none slower", async () => {
    const { exitCode, stdout, stderr } = await measureOf("daemon", soundDaemons.daemon, "rnd-rd-1th-1f");
    expect(exitCode, `${stderr}\n${stdout}`).toBe(0);
  });

  test.each(countedFaults)("$name: found, by $measure", async ({ backend, command, workload, measure }) => {
    const { exitCode, stdout, stderr } = await measureOf(backend, command, workload);
    expect(exitCode, stderr).toBe(1);
    const { rows } = JSON.parse(stdout) as DecisionJson;
    const worse = rows.filter(({ verdict }) => verdict === "worse");
    expect(worse.map((row) => row.measure)).toContain(measure);
    for (const { backend: found } of worse) expect(found).toBe(backend);
  });

  test("a daemon that does not mount any more: found", async () => {
    const { exitCode, stderr } = await measureOf("daemon", "sh -c 'exit 7' {source} {mountpoint}", "rnd-rd-1th-1f");
    expect(stderr).toContain("fusemeter: regression: the backend daemon");
    expect(exitCode).toBe(1);
  });

  test("the baseline is as it was", () => {
    expect(JSON.parse(readFileSync(baseline, "utf8")).entries).toHaveLength(1);
  });
});

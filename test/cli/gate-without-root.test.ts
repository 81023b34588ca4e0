import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DecisionJson } from "../../reports/gate/decision-json.js";
import { faultyDaemon } from "../../studies/faults/faulty-daemon.js";
import { canMount } from "../filesystem/can-mount.js";
import { mountsBelow } from "../machine.js";
import { asNobody, letNobodyMount, makeNobodysFolder } from "../nobody.js";

describe.skipIf(!canMount)("the gate without root: mounts by fusermount3, counts from /proc", () => {
  let folder: string;
  let rights: ReturnType<typeof letNobodyMount>;
  const at = (name: string) => join(folder, "own", name);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "fusemeter-nobody-"));
    rights = letNobodyMount(folder);
    makeNobodysFolder(join(folder, "own"));
  });

  afterAll(() => {
    rights[Symbol.dispose]();
    expect(mountsBelow(folder)).toEqual([]);
    expect(readdirSync(join(folder, "own"))).toEqual(["baseline.json"]);
    rmSync(folder, { recursive: true });
  });

  async function gate(fault: string, ...words: readonly string[]) {
    const root = join(import.meta.dirname, "../..");
    const daemon = `daemon=${faultyDaemon(fault).replaceAll(root, rights.project)}`;
    const grid = ["--backends", "native", "--backend", daemon, "--workloads", "rnd-rd-1th-1f", "--file-size", "64MB"];
    const fixed = ["--measures", "counts", "--history", "none", "--out", at("out"), "--directory", at("work"), "--json"];
    const program = join(rights.project, "bin/fusemeter.js");
    const result = await execa(process.execPath, [program, "gate", ...words, ...grid, ...fixed], {
      ...asNobody,
      env: { HOME: at("") },
      reject: false,
    });
    rmSync(at("out"), { recursive: true, force: true });
    return result;
  }

  test("--save", async () => {
    const { exitCode, stderr } = await gate("none", "--save", at("baseline.json"));
    expect(exitCode, stderr).toBe(0);
  });

  test.each([
    ["none", 0, []],
    ["leak", 1, ["descriptors left by an open"]],
  ] as const)("a daemon with the fault '%s': exit code %i", async (fault, code, expected) => {
    const { exitCode, stdout, stderr } = await gate(fault, "--baseline", at("baseline.json"));
    expect(exitCode, stderr).toBe(code);
    const { rows } = JSON.parse(stdout) as DecisionJson;
    expect(rows.map(({ measure }) => measure)).toContain("daemon voluntary switches");
    expect(rows.filter(({ verdict }) => verdict === "worse").map(({ measure }) => measure)).toEqual(expected);
  });
});

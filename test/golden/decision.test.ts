import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";
import { program } from "../machine.js";

const golden = (...names: string[]) => join(import.meta.dirname, ...names);
const textOf = (...names: string[]) => readFileSync(golden(...names), "utf8");

const folder = mkdtempSync(join(tmpdir(), "fusemeter-golden-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("the gate decides a result as the first release did", async () => {
  const words = [
    "--baseline",
    golden("baseline.json"),
    "--result",
    golden("gate"),
    "--least-effect",
    "5",
    "--history",
    "none",
    "--json",
  ];
  const { stdout, exitCode } = await execa(process.execPath, [program, "gate", ...words, "--out", folder], { reject: false });
  const before = JSON.parse(textOf("gate", "gate.json"));
  // The result is there at once: none of its blocks was measured after something had looked worse.
  const atOnce = (rows: readonly object[]) => rows.map((row) => ("freshRatio" in row ? { ...row, freshRatio: null } : row));
  const now = JSON.parse(stdout);
  expect(atOnce(now.rows)).toEqual(atOnce(before.rows));
  expect(now).toMatchObject({ verdict: before.verdict, exitCode: before.exitCode });
  expect(exitCode).toBe(before.exitCode);
});

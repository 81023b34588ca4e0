import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { canMount } from "../filesystem/can-mount.js";
import { mountsBelow, program } from "../machine.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fusemeter-claims-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(args: readonly string[]) {
  return execa(process.execPath, [program, "claims", "--out", join(folder, "out"), ...args], { reject: false });
}

/** The promise of `--json`. */
const claimsJson = z.strictObject({
  claims: z.array(
    z.strictObject({
      id: z.string(),
      claim: z.string(),
      source: z.string(),
      predicted: z.string(),
      measured: z.strictObject({
        value: z.number().nullable(),
        unit: z.string(),
        interval: z.tuple([z.number(), z.number()]).nullable(),
      }),
      verdict: z.enum(["holds", "does not hold", "can't be tested here"]),
      why: z.string().min(1),
      command: z.string(),
    }),
  ),
});

describe("bad use of claims", () => {
  test.each([
    [["--only", "perpetual-motion"], "transitions"],
    [["--profile", "slow"], "quick, full"],
    [["--seed", "x"], "whole number"],
  ])("%j: exit 2, and a line that says %j", async (args, words) => {
    const { stderr, exitCode } = await run(args);
    expect(stderr).toContain(words);
    expect(exitCode).toBe(2);
  });
});

describe.skipIf(!canMount)("claims", () => {
  test("a row by itself: measured, judged, and with the command that repeats it", async () => {
    const { stdout, stderr, exitCode } = await run([
      "--only",
      "per-inode,stacking,metadata,timeout,tenth",
      "--seed",
      "5",
      "--json",
    ]);
    expect(stderr).not.toContain("failed");
    expect(exitCode).toBe(0);
    const { claims } = claimsJson.parse(JSON.parse(stdout));
    const of = (id: string) => claims.find((claim) => claim.id === id)!;
    expect(claims.map(({ id }) => id)).toEqual(["timeout", "stacking", "per-inode", "tenth", "metadata"]);
    expect(of("per-inode")).toMatchObject({
      verdict: "holds",
      measured: { value: 3 },
      command: "fusemeter claims --only per-inode --seed 5",
    });
    expect(of("per-inode").why).toMatch(/all in passthrough: .*\(0 READ requests\); readers in passthrough, .*\([1-9]\d* READ/);
    expect(of("stacking").why).toContain("passthrough over overlayfs: works, no READ reached the daemon");
    expect(of("metadata")).toMatchObject({ verdict: "holds", measured: { unit: "requests an open, passthrough" } });
    expect(of("metadata").why).toContain("stat, daemon mode, cache bounded: 0.00 a call");
    for (const id of ["timeout", "tenth"]) {
      expect(of(id)).toMatchObject({ verdict: "can't be tested here", measured: { value: null } });
      expect(of(id).why).toMatch(/^because .*being loaded/);
    }
    expect(readdirSync(join(folder, "out")).sort()).toEqual(["claims.json", "report.html", "report.md"]);
    expect(mountsBelow(folder)).toEqual([]);
  });
});

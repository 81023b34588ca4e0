import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { canMount } from "../can-mount.js";
import { isMounted, runProgram, temporaryDirectory } from "../daemon.js";

const folder = temporaryDirectory();
const path = (name: string) => join(folder, name);
mkdirSync(path("source/inside"), { recursive: true });
mkdirSync(path("empty"));
mkdirSync(path("full"));
writeFileSync(path("full/file"), "");
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!canMount)("fusemeter mount refuses, with one clear line and exit 2", () => {
  test.each([
    ["a source that is not there", ["absent", "empty"], /source .*absent does not exist/],
    ["a source that is a file", ["full/file", "empty"], /source .* is not a directory/],
    ["a mountpoint that is not there", ["source", "absent"], /mountpoint .*absent does not exist. Make it: mkdir -p /],
    ["a mountpoint that is a file", ["source", "full/file"], /mountpoint .* is not a directory/],
    ["a mountpoint that is not empty", ["source", "full"], /mountpoint .* is not empty: it holds file/],
    ["a mountpoint inside the source", ["source", "source/inside"], /lies inside the source/],
    ["an unknown mount option", ["source", "empty", "-o", "sideways"], /invalid mount option "sideways"/],
    ["a mount option that only JavaScript knows", ["source", "empty", "-o", "toString"], /invalid mount option "toString"/],
    ["no workers", ["source", "empty", "--workers", "0"], /invalid number of workers 0: expected a whole number from 1 to 64/],
    [
      "a mode that there is not",
      ["source", "empty", "--mode", "fast"],
      /invalid --mode "fast": expected one of auto, daemon, passthrough/,
    ],
  ])("%s", async (_, [source, mountpoint, ...words], line) => {
    const { code, errors } = await runProgram(["mount", path(source!), path(mountpoint!), ...words]);
    expect(errors).toMatch(line);
    expect(errors.trim().split("\n")).toHaveLength(1);
    expect(code).toBe(2);
    expect(isMounted(path("empty"))).toBe(false);
  });
});

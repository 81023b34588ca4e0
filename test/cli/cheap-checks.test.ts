import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { canMount } from "../filesystem/can-mount.js";
import { program } from "../machine.js";
import { usualRun } from "../reports/usual-run.js";

let folder: string;
const path = (...names: string[]) => join(folder, ...names);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fusemeter-cheap-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fusemeter = (...words: string[]) => execa(process.execPath, [program, ...words], { reject: false, cwd: folder });

/** A backend that leaves a trace when it is asked to mount. */
const traced = () => `touch ${path("asked")}; exit 7; : {source} {mountpoint}`;

function writeResult(name: string, readahead: boolean): string {
  const run = usualRun();
  const windows = { mountKiB: 0, initKiB: null, deviceKiB: null, access: "read", advice: "none" };
  const request = {
    ...run.request,
    backends: [{ name: "traced", command: traced() }],
    directory: path("files"),
    ...(readahead && { readahead: [windows] }),
  };
  const backends = [{ name: "traced", kind: "command", command: traced(), unavailable: null }];
  mkdirSync(path(name));
  writeFileSync(path(name, "run.json"), JSON.stringify({ ...run, profile: "quick", request, backends, cells: [] }));
  return path(name);
}

describe.skipIf(!canMount)("nothing is mounted or written before the cheap checks", () => {
  test.each(["run", "readahead"])("%s --resume on another host", async (command) => {
    const { stderr, exitCode } = await fusemeter(command, "--resume", writeResult("before", command === "readahead"));
    expect(stderr).toContain("can't be resumed here: it was measured on another host");
    expect(exitCode).toBe(2);
    expect(existsSync(path("asked"))).toBe(false);
    expect(readdirSync(folder)).toEqual(["before"]);
  });

  const small = ["--workloads", "rnd-rd-1th-1f", "--sizes", "4KB", "--caches", "warm", "--file-size", "128MB"];
  test.each([
    {
      what: "a result that can't be written",
      words: ["--out", "/etc/hostname/below", ...small],
      says: /hostname.* can't be written/,
    },
    { what: "files without room", words: ["--out", "out", ...small, "--file-size", "900TB"], says: /there is no room/ },
  ])("run: $what", async ({ words, says }) => {
    const { stderr, exitCode } = await fusemeter(
      "run",
      "--backend",
      `traced=${traced()}`,
      "--directory",
      path("files"),
      ...words,
    );
    expect(stderr).toMatch(says);
    expect(exitCode).toBe(2);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    { what: "a baseline", words: ["--save", "/etc/hostname/b.json"], says: /b\.json can't be written|not a baseline/ },
    {
      what: "a history",
      words: ["--base", ".", "--head", ".", "--history", "/etc/hostname/h"],
      says: /hostname\/h can't be written/,
    },
  ])("gate: $what that can't be written", async ({ words, says }) => {
    const serve = words.includes("--base") ? ["--serve", traced()] : ["--backend", `traced=${traced()}`];
    const { stderr, exitCode } = await fusemeter("gate", ...words, ...serve, ...small, "--directory", path("files"));
    expect(stderr).toMatch(says);
    expect(exitCode).toBe(2);
    expect(readdirSync(folder)).toEqual([]);
  });
});

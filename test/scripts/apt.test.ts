import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, describe, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "fusemeter-apt-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Directories of apt's own, without a source of packages: the host's are not touched. */
function makeApt(): { config: string; path: (name: string) => string } {
  const path = (name: string) => join(folder, name);
  for (const name of ["lists/partial", "archives/partial", "dpkg", "sources.list.d", "log"])
    mkdirSync(path(name), { recursive: true });
  for (const name of ["dpkg/status", "sources.list"]) writeFileSync(path(name), "");
  const lines = [
    `Dir::State "${folder}";`,
    `Dir::State::lists "${path("lists")}";`,
    `Dir::State::status "${path("dpkg/status")}";`,
    `Dir::Cache "${folder}";`,
    `Dir::Cache::archives "${path("archives")}";`,
    `Dir::Etc::sourcelist "${path("sources.list")}";`,
    `Dir::Etc::sourceparts "${path("sources.list.d")}";`,
    `Dir::Log "${path("log")}";`,
  ];
  writeFileSync(path("apt.conf"), lines.join("\n"));
  return { config: path("apt.conf"), path };
}

/** Holds a lock as apt does (fcntl(2), F_SETLK) until its standard input ends. */
const HOLD = `import fcntl, sys
lock = open(sys.argv[1], "w")
fcntl.lockf(lock, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()`;

const run = `import { aptGet } from ${JSON.stringify(join(import.meta.dirname, "../../scripts/apt.mjs"))};
const { status, stderr } = aptGet(process.argv.slice(1), (line) => console.log(line));
console.log(stderr + "exit " + status);`;

const isDebian = (await execa("apt-get", ["--version"], { reject: false })).exitCode === 0;
const { config, path } = makeApt();
const aptGet = (...words: string[]) =>
  execa(process.execPath, ["--input-type=module", "--eval", run, "--", ...words], { env: { APT_CONFIG: config } });

describe.skipIf(!isDebian || process.getuid?.() !== 0)("apt-get while another process holds a lock of apt's", () => {
  test.each([
    ["the lists", "lists/lock", ["update"]],
    ["dpkg's frontend", "dpkg/lock-frontend", ["install", "-y"]],
  ])("waits for the lock of %s, and says so", async (_, lock, words) => {
    const holder = spawn("python3", ["-c", HOLD, path(lock)], { stdio: ["pipe", "pipe", "inherit"] });
    await new Promise((resolve) => holder.stdout.once("data", resolve));
    const waiting = aptGet(...words);
    const first = await new Promise((resolve) => waiting.stdout.once("data", resolve));
    expect(String(first)).toMatch(/^waiting for another apt to end: E: Could not get lock .*lock/);
    holder.stdin.end();
    expect((await waiting).stdout).toMatch(/exit 0$/);
  });

  test("another failure is told at once", async () => {
    const { stdout } = await aptGet("install", "-y", "no-such-package-at-all");
    expect(stdout).toMatch(/Unable to locate package no-such-package-at-all\n?exit 100$/);
  });
});

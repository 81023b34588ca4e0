import { execa } from "execa";
import { expect, test } from "vitest";

const program = "bin/fusemeter.js";

async function doctor(options: { words?: string[]; wrapper?: [string, ...string[]]; path?: string } = {}) {
  const { words = [], wrapper = [], path } = options;
  const [command, ...rest] = [...wrapper, process.execPath, program, "doctor", ...words];
  const env = path === undefined ? {} : { PATH: path };
  return execa(command!, rest, { reject: false, env });
}

test("the table has a line for each check, and the exit code says whether all that is needed is there", async () => {
  const { stdout, exitCode } = await doctor();
  for (const what of ["root", "FUSE", "FUSE passthrough", "exact counters", "FUSE requests by opcode", "fio", "disk"]) {
    expect(stdout).toMatch(new RegExp(`^\\| ${what} +\\| (yes|NO) `, "m"));
  }
  expect(exitCode).toBe(/\| NO /.test(stdout) ? 3 : 0);
});

test("JSON tells the same", async () => {
  const { stdout, exitCode } = await doctor({ words: ["--json"] });
  const checks = JSON.parse(stdout) as { what: string; ok: boolean; needed: boolean; why: string; remedy: string | null }[];
  for (const { ok, why, remedy } of checks) {
    expect(why).not.toBe("");
    expect(remedy === null).toBe(ok);
  }
  expect(exitCode).toBe(checks.some(({ ok, needed }) => needed && !ok) ? 3 : 0);
});

test.each([
  ["without rights", { wrapper: ["unshare", "--user"] as [string, ...string[]] }, "root", /sudo/],
  ["without rights", { wrapper: ["unshare", "--user"] as [string, ...string[]] }, "FUSE requests by opcode", /Linux 6\.12/],
  ["without fio", { path: "/nowhere" }, "fio", /apt-get install -y fio/],
  ["for a directory in memory", { words: ["--directory", "/dev/shm"] }, "disk", /--directory/],
])("%s: doctor names a check that fails, its remedy, and exits with 3", async (_, options, what, remedy) => {
  const { stdout, exitCode } = await doctor(options);
  const line = stdout.split("\n").find((text) => text.startsWith(`| ${what} `));
  expect(line).toMatch(/\| NO /);
  expect(line).toMatch(remedy);
  expect(exitCode).toBe(3);
});

test("a directory that isn't there is bad use", async () => {
  const { stderr, exitCode } = await doctor({ words: ["--directory", "/nowhere/at/all"] });
  expect(stderr).toMatch(/^fusemeter: .*\/nowhere\/at\/all/);
  expect(exitCode).toBe(2);
});

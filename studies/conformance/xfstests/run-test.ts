import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { Environment } from "./environment.js";

export interface TestResult {
  readonly outcome: "passed" | "failed" | "not run";
  /** The reason in a few words; empty where it passed. */
  readonly about: string;
}

/**
 * Runs one test in a check of its own, in its own pid and mount namespace. A test that hangs takes its processes, mounts and
 * daemons with it when its time is over.
 *
 * @param folder of the built xfstests
 */
export async function runTest(
  folder: string,
  environment: Environment,
  test: string,
  seconds: number,
  cancelSignal: AbortSignal,
): Promise<TestResult> {
  environment.clearLog();
  const isolated = ["--pid", "--mount", "--fork", "--kill-child", "--mount-proc"];
  // check names its temporary files by its pid: no two namespaces may begin with the same.
  const check = `echo ${process.pid % 30_000} > /proc/sys/kernel/ns_last_pid; ./check -fuse ${test}; exit $?`;
  const { stdout, timedOut } = await execa("unshare", [...isolated, "sh", "-c", check], {
    cwd: folder,
    env: environment.variables,
    stdin: "ignore",
    reject: false,
    timeout: seconds * 1000,
    killSignal: "SIGKILL",
    cancelSignal,
  });
  cancelSignal.throwIfAborted();
  if (timedOut) return { outcome: "failed", about: `not done in ${seconds} s` };
  const notRun = new RegExp(`^${test}.*\\[not run\\] (.*)$`, "m").exec(stdout);
  if (notRun !== null) return { outcome: "not run", about: notRun[1]! };
  if (/^Passed all/m.test(stdout)) return { outcome: "passed", about: "" };
  const why = (await differences(folder, environment, test)) ?? stdout.slice(-300).replaceAll("\n", " | ");
  return { outcome: "failed", about: `${why} ${environment.complaints()}`.trim() };
}

/** The first lines that differ from the test's expected output; null where it failed for another reason. */
async function differences(folder: string, environment: Environment, test: string): Promise<string | null> {
  const outputs = [join(folder, "tests", `${test}.out`), join(environment.folder, "results", `${test}.out.bad`)];
  if (!outputs.every((file) => existsSync(file))) return null;
  const { stdout } = await execa("diff", outputs, { reject: false });
  return stdout.split("\n").slice(0, 12).join(" | ").slice(0, 600);
}

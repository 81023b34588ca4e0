import { spawnSync } from "node:child_process";

/** Runs a Python script as nobody: its output, standard error included, and its exit code or the signal that ended it. */
export function pythonAsNobody(script: string, ...words: readonly string[]): { status: number | string; output: string } {
  return python(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"], script, words);
}

/** The same as the user of the tests. */
export function pythonAsSelf(script: string, ...words: readonly string[]): { status: number | string; output: string } {
  return python([], script, words);
}

function python(prefix: readonly string[], script: string, words: readonly string[]) {
  const [command, ...args] = [...prefix, "python3", "-c", `import os,sys,mmap\n${script}`, ...words];
  const { status, signal, stdout, stderr } = spawnSync(command!, args, {
    cwd: "/",
    // Root's own Python, as of a version manager, is not for others to run.
    env: { PATH: "/usr/local/bin:/usr/bin:/bin" },
    encoding: "latin1",
    maxBuffer: 1 << 26,
  });
  return { status: status ?? signal ?? -1, output: stdout + stderr };
}

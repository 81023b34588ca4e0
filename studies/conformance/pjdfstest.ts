import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { Suite } from "./mounts/suite.js";

/** A file's tests, by the protocol that TAP describes. */
interface TestFile {
  readonly count: number;
  /** Numbers of tests, or the range of those that were planned and not reached. */
  readonly failed: readonly string[];
}

/** Runs one file in a directory of its own. A test that is marked TODO may fail. */
async function runTestFile(file: string, directory: string, signal: AbortSignal): Promise<TestFile> {
  const { stdout } = await execa("sh", [file], { cwd: directory, reject: false, cancelSignal: signal });
  signal.throwIfAborted();
  const lines = stdout.split("\n");
  const count = Number(/^1\.\.(\d+)/m.exec(stdout)?.[1] ?? 0);
  const done = lines.filter((line) => /^(not )?ok \d+/.test(line)).length;
  const failed = lines.filter((line) => /^not ok \d+/.test(line) && !/# TODO/i.test(line)).map((line) => line.split(" ")[2]!);
  return { count, failed: done < count ? [...failed, `${done + 1}-${count}`] : failed };
}

/** @param only only files whose path has this text in it */
export function pjdfstest(folder: string, only: string): Suite {
  const tests = join(folder, "tests");
  return async ({ directory }, signal) => {
    const files = readdirSync(tests, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".t") && file.includes(only))
      .sort();
    const failures = new Set<string>();
    let total = 0;
    for (const [index, file] of files.entries()) {
      if (process.stderr.isTTY) process.stderr.write(`\r${index + 1}/${files.length} ${file.padEnd(40)}`);
      const place = join(directory, `test-${index}`);
      mkdirSync(place, { mode: 0o755 });
      const { count, failed } = await runTestFile(join(tests, file), place, signal);
      await execa("chattr", ["-R", "-ia", place], { reject: false });
      rmSync(place, { recursive: true, force: true });
      total += count;
      for (const number of failed) failures.add(`${file} ${number}`);
    }
    if (process.stderr.isTTY) process.stderr.write("\r");
    return { count: total, failures };
  };
}

import { rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { Suite } from "./mounts/suite.js";

const variants: Readonly<Record<string, readonly string[]>> = {
  "fsx buffered": [],
  "fsx direct": ["-Z", "-r", "4096", "-w", "4096", "-t", "4096", "-R", "-W"],
};

/** fsx: random operations on one file, each compared with a copy in memory. */
export function fsx(program: string, operations: string): Suite {
  return async ({ directory }, signal) => {
    const failures = new Set<string>();
    const file = join(directory, "fsx");
    for (const [name, words] of Object.entries(variants)) {
      const result = await execa(program, ["-q", "-N", operations, ...words, file], { reject: false, cancelSignal: signal });
      signal.throwIfAborted();
      if (result.exitCode !== 0) failures.add(`${name} (${result.stdout.trim().split("\n").at(-1)})`);
      rmSync(file, { force: true });
    }
    return { count: Object.keys(variants).length, failures };
  };
}

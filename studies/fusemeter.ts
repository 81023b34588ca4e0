import { join } from "node:path";
import { execa } from "execa";
import { packageRoot } from "../package-root.js";

const program = join(packageRoot(), "bin/fusemeter.js");

/** Runs our program. @throws the signal's reason when that is aborted */
export async function fusemeter(words: readonly string[], signal: AbortSignal) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [program, ...words], {
    reject: false,
    cancelSignal: signal,
  });
  signal.throwIfAborted();
  return { exitCode, stdout, stderr };
}

import { join } from "node:path";
import { execa } from "execa";
import { packageRoot } from "../package-root.js";

const program = join(packageRoot(), "bin/fusemeter.js");

interface Ended {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of ours to its end. @throws the signal's reason when that is aborted */
export async function fusemeter(words: readonly string[], signal: AbortSignal): Promise<Ended> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [program, ...words], {
    reject: false,
    cancelSignal: signal,
  });
  signal.throwIfAborted();
  return { exitCode, stdout, stderr };
}

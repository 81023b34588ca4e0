import { execa } from "execa";

/** Runs a command to its end. @returns its standard output. @throws Error with its last line of error where it fails */
export async function run(cwd: string, command: string, ...words: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr, shortMessage } = await execa(command, words, { cwd, stdin: "ignore", reject: false });
  if (exitCode === 0) return stdout.trim();
  const line = stderr?.trim().split("\n").at(-1);
  throw new Error(`${command} ${words.slice(0, 2).join(" ")}: ${line || (shortMessage ?? `exit ${exitCode}`)}`);
}

/** @throws Error with the text where a program's work is not as it must be */
export function must(isTrue: boolean, otherwise: string): void {
  if (!isTrue) throw new Error(otherwise);
}

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** The compiled program. */
export const program = join(import.meta.dirname, "../../bin/fusemeter.js");

/** A mount by the compiled program, in a process of its own. */
export interface Daemon extends AsyncDisposable {
  readonly source: string;
  readonly mountpoint: string;
  readonly process: ChildProcess;
  /** Its standard error so far. */
  errors(): string;
  /** Waits for its end: the exit code. */
  ended(): Promise<number | null>;
}

export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), "fusemeter-test-"));
}

/** A temporary directory that goes when its test has ended. */
export function directoryOfTest(): string {
  const directory = temporaryDirectory();
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export function isMounted(mountpoint: string): boolean {
  return readFileSync("/proc/self/mountinfo", "utf8").includes(` ${mountpoint} `);
}

/**
 * Mounts `source` (a fresh temporary directory by default) on a fresh mountpoint. Disposing it unmounts and removes both.
 *
 * @param wrapper a command to start the program by
 */
export async function startDaemon(
  words: readonly string[] = [],
  source?: string,
  wrapper: readonly string[] = [],
): Promise<Daemon> {
  const from = source ?? temporaryDirectory();
  const mountpoint = temporaryDirectory();
  const [command, ...rest] = [...wrapper, process.execPath, program, "mount", ...words, from, mountpoint];
  const child = spawn(command!, rest, { stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr!.setEncoding("utf8");
  const end = new Promise<number | null>((resolve) => child.on("exit", (code) => resolve(code)));
  await new Promise<void>((resolve, reject) => {
    child.stderr!.on("data", (text: string) => {
      errors += text;
      if (errors.includes("is mounted on")) resolve();
    });
    child.on("exit", (code) => reject(new Error(`the daemon ended with ${code}: ${errors}`)));
  });
  return {
    source: from,
    mountpoint,
    process: child,
    errors: () => errors,
    ended: () => end,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      await end;
      rmdirSync(mountpoint);
      if (source === undefined) rmSync(from, { recursive: true });
    },
  };
}

/** Runs the program to its end: its standard error and its exit code. */
export async function runProgram(words: readonly string[]): Promise<{ code: number | null; errors: string }> {
  const child = spawn(process.execPath, [program, ...words], { stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, errors })));
}

import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import type { Duplex } from "node:stream";
import { execa } from "execa";
import { FusemeterError } from "../../errors.js";
import { identityOf } from "../../linux/proc/process-identity.js";
import { MARK } from "../leftovers/mark.js";
import { tryToNote } from "../leftovers/notes.js";
import { endProcesses, processesOf, type Start, signalAll } from "../leftovers/started-processes.js";

/** The end of a process. */
export interface ProcessEnd {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command whose process exists and has not executed it yet: the moment to attach counters. */
export interface StoppedProcess extends AsyncDisposable {
  /** The pid that the command will have: it replaces the shell that waits. */
  readonly pid: number;
  /** Lets the process execute the command. */
  resume(): void;
  /** The other end of the command's descriptor 3, where it keeps that; before `resume` nothing may be written. */
  readonly line: Duplex;
  /** Settles when the process has ended and its output is read; never rejects. */
  readonly ended: Promise<ProcessEnd>;
  /** The pids of the process and of all that descends from it, in the background too. */
  processes(): number[];
  /** SIGTERM, then after the grace period SIGKILL, to the process and all that descends from it; settles when all are gone. */
  terminate(): Promise<ProcessEnd>;
}

export interface StartOptions {
  readonly cwd?: string;
  /** Ends the process when aborted. */
  readonly signal?: AbortSignal;
  /** The time from SIGTERM to SIGKILL. */
  readonly graceMs?: number;
  /** Called with each piece of standard output. */
  readonly onOutput?: (text: string) => void;
  /** Leaves the command a socket to this program, as its descriptor 3. */
  readonly keepsLine?: boolean;
}

/**
 * The shell that becomes the command. It says that it is there, and waits for a line on a socket whose other end only this
 * program holds: a program that is killed leaves an end of file, and the shell ends without the command. Counters that are
 * attached meanwhile start at the exec (`enable_on_exec`), so the shell's own calls are never counted.
 */
const WAIT = "echo >&3; read -r line <&3 || exit 125";
const WAIT_THEN_EXECUTE = `${WAIT}; exec "$@" 3>&-`;
const WAIT_THEN_EXECUTE_WITH_LINE = `${WAIT}; exec "$@"`;

/** The kernel tells the process when this one dies, even by SIGKILL: see PR_SET_PDEATHSIG in prctl(2). Part of util-linux. */
const SETPRIV = "/usr/bin/setpriv";
const dieWithParent = existsSync(SETPRIV) ? [SETPRIV, "--pdeathsig", "TERM"] : [];

const running = new Set<Start>();

process.on("exit", () => {
  for (const start of running) signalAll(processesOf(start), "SIGKILL");
});

/**
 * Starts a command up to the moment before its exec, in a session of its own.
 *
 * @throws {FusemeterError} `COMMAND_NOT_STARTED` where the shell that is to become the command can't be started. A command that
 *   isn't there is no error: the shell then ends with 127
 */
export async function startStopped(command: readonly [string, ...string[]], options: StartOptions = {}): Promise<StoppedProcess> {
  const { signal, graceMs = 5000, keepsLine = false } = options;
  signal?.throwIfAborted();
  const mark = randomUUID();
  const [program, ...words] = [
    ...dieWithParent,
    "sh",
    "-c",
    keepsLine ? WAIT_THEN_EXECUTE_WITH_LINE : WAIT_THEN_EXECUTE,
    "sh",
    ...command,
  ];
  const child = execa(program!, words, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    buffer: { fd3: false },
    reject: false,
    env: { [MARK]: mark },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const pid = child.pid;
  if (pid === undefined) throw notStarted(command[0], (await child).message ?? "");
  child.stdout.setEncoding("utf8").on("data", (text: string) => options.onOutput?.(text));
  // Node's pipes are sockets, so this one goes both ways.
  const line = child.stdio[3] as unknown as Duplex;
  // A shell that was ended has closed its end.
  line.on("error", () => {});

  const identity = identityOf(pid);
  const start = { pid, startTicks: identity?.startTicks ?? "", mark };
  running.add(start);
  // The note precedes the exec: before it, the shell ends with this program by itself.
  const note = identity === null ? null : tryToNote({ kind: "process", process: identity, mark });

  let hasEnded = false;
  const ended = child.then((result): ProcessEnd => {
    hasEnded = true;
    signal?.removeEventListener("abort", abort);
    return { exitCode: result.exitCode ?? null, signal: result.signal ?? null, stdout: result.stdout, stderr: result.stderr };
  });

  async function terminate(): Promise<ProcessEnd> {
    // A process that outlives SIGKILL stays noted: the next command tries again.
    if ((await endProcesses(start, graceMs)) && running.delete(start)) note?.forget();
    return ended;
  }
  function abort() {
    void terminate();
  }
  signal?.addEventListener("abort", abort, { once: true });

  await Promise.race([new Promise((resolve) => line.once("data", resolve)), ended]);
  if (hasEnded) {
    await terminate();
    signal?.throwIfAborted();
    throw notStarted(command[0], (await ended).stderr);
  }
  return {
    pid,
    line,
    ended,
    terminate,
    processes: () => processesOf(start).map((one) => one.pid),
    resume: () => void line.write("\n"),
    [Symbol.asyncDispose]: async () => {
      await terminate();
    },
  };
}

function notStarted(command: string, why: string): FusemeterError {
  return new FusemeterError({
    code: "COMMAND_NOT_STARTED",
    fault: "host",
    problem: `${command} could not be started`,
    reason: why || null,
    remedy: "check that it and sh(1) are on the PATH",
  });
}

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { FusemeterError } from "../../errors.js";

/** How a process ended. */
export interface ProcessEnd {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command whose process exists but has not been executed yet: the moment to attach counters to it. */
export interface StoppedProcess extends AsyncDisposable {
  /** The pid that the command will have: it replaces the shell that waits. */
  readonly pid: number;
  /** Lets it execute the command. */
  resume(): void;
  /** Settles when the process has ended and its output is read; never rejects. */
  readonly ended: Promise<ProcessEnd>;
  /** SIGTERM, then after the grace period SIGKILL, to the process, its group and its descendants; settles when it is gone. */
  terminate(): Promise<ProcessEnd>;
}

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the process when aborted. */
  readonly signal?: AbortSignal;
  /** From SIGTERM to SIGKILL. */
  readonly graceMs?: number;
  /** Called with each piece of standard output. */
  readonly onOutput?: (text: string) => void;
}

/** Stops itself before it becomes the command, so that its pid can be prepared. */
const WAIT_THEN_EXECUTE = 'kill -STOP $$; exec "$@"';

/** The kernel tells the process when this one dies, even by SIGKILL: see PR_SET_PDEATHSIG in prctl(2). Part of util-linux. */
const SETPRIV = "/usr/bin/setpriv";
const dieWithParent = existsSync(SETPRIV) ? [SETPRIV, "--pdeathsig", "TERM"] : [];

const running = new Set<number>();

process.on("exit", () => {
  for (const pid of running) signalAll(processTree(pid), "SIGKILL");
});

/**
 * Starts a command up to the moment before its exec, in a process group of its own.
 *
 * @throws {FusemeterError} COMMAND_NOT_FOUND when the command isn't there
 */
export async function startStopped(command: readonly [string, ...string[]], options: StartOptions = {}): Promise<StoppedProcess> {
  const { signal, graceMs = 5000 } = options;
  signal?.throwIfAborted();
  const [program, ...words] = [...dieWithParent, "sh", "-c", WAIT_THEN_EXECUTE, "sh", ...command];
  const child = execa(program!, words, {
    detached: true,
    stdin: "ignore",
    reject: false,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  const pid = child.pid;
  if (pid === undefined) throw notStarted(command[0], (await child).message ?? "");
  running.add(pid);
  child.stdout.setEncoding("utf8").on("data", (text: string) => options.onOutput?.(text));

  const ended = child.then((result): ProcessEnd => {
    running.delete(pid);
    return { exitCode: result.exitCode ?? null, signal: result.signal ?? null, stdout: result.stdout, stderr: result.stderr };
  });
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
    signal?.removeEventListener("abort", abort);
  });

  async function terminate(): Promise<ProcessEnd> {
    if (hasEnded) return ended;
    // Taken now: once the process is gone, its orphans can't be found any more.
    const tree = processTree(pid!);
    signalAll(tree, "SIGTERM");
    // A stopped process takes SIGTERM only once it goes on.
    signalAll(tree, "SIGCONT");
    const timer = setTimeout(() => signalAll(tree, "SIGKILL"), graceMs);
    try {
      return await ended;
    } finally {
      clearTimeout(timer);
      signalAll(tree, "SIGKILL");
    }
  }
  function abort() {
    void terminate();
  }
  signal?.addEventListener("abort", abort, { once: true });

  while (!hasEnded && processStatus(pid)?.state !== "T") await sleep(1);
  if (hasEnded) {
    signal?.throwIfAborted();
    throw notStarted(command[0], (await ended).stderr);
  }
  return {
    pid,
    ended,
    terminate,
    resume: () => process.kill(pid, "SIGCONT"),
    [Symbol.asyncDispose]: async () => {
      await terminate();
    },
  };
}

function notStarted(command: string, why: string): FusemeterError {
  return new FusemeterError({
    code: "COMMAND_NOT_STARTED",
    exitCode: 3,
    problem: `${command} could not be started`,
    remedy: why || "see that sh(1) is on the PATH",
  });
}

/** A process that can't be mistaken for a later one of the same pid. */
interface Identity {
  readonly pid: number;
  /** In clock ticks since boot. */
  readonly startTime: string;
}

/** Of proc_pid_stat(5): the state's letter and the start time; null when the process is gone. */
function processStatus(pid: number): { state: string; startTime: string } | null {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold anything, spaces and parentheses too. The state is field 3, the start time field 22.
    const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0]!, startTime: fields[19]! };
  } catch {
    return null;
  }
}

/** A process and what descends from it: fio's jobs leave the process group (setsid), so a signal to the group misses them. */
export function processTree(pid: number): Identity[] {
  const status = processStatus(pid);
  if (status === null) return [];
  const children: number[] = [];
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const list = readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8");
      children.push(...list.split(" ").filter(Boolean).map(Number));
    }
  } catch {
    // It ended meanwhile.
  }
  return [{ pid, startTime: status.startTime }, ...children.flatMap(processTree)];
}

function signalAll(processes: readonly Identity[], signal: NodeJS.Signals): void {
  for (const { pid, startTime } of processes) {
    if (processStatus(pid)?.startTime !== startTime) continue;
    try {
      process.kill(pid, signal);
    } catch {
      // It ended meanwhile.
    }
  }
}

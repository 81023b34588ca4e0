import { FusemeterError } from "../../errors.js";
import { Errno, errnoName } from "../libc/errno.js";
import { CpuMask } from "./cpu-mask.js";
import { threadsOf } from "./process-tree.js";

/** Processes whose threads are kept on one CPU. Disposing gives each thread the CPUs back that it had. */
export interface KeptProcesses extends Disposable {
  /** The threads that may run elsewhere: those that have moved themselves. */
  strays(): number[];
}

/** The masks of a process's threads before they were kept, by thread. */
type Masks = Map<number, CpuMask>;

function keepThread(thread: number, home: CpuMask, cpu: number, pid: number): CpuMask | null {
  const before = CpuMask.ofThread(thread);
  const error = typeof before === "number" ? before : home.giveTo(thread);
  if (error === -Errno.ESRCH) return null;
  if (error === 0 && typeof before !== "number") return before;
  throw new FusemeterError({
    code: "NOT_PLACED",
    fault: "host",
    problem: `thread ${thread} of process ${pid} can't be kept on CPU ${cpu}`,
    reason: errnoName(-error),
    remedy: "run it as the same user and in the same cpuset, or choose --placements scheduler",
  });
}

/** Keeps every thread. A thread that is not kept yet may start another one meanwhile, so they are looked for again. */
function keepThreads(pid: number, masks: Masks, home: CpuMask, cpu: number): void {
  const kept = new Set<number>();
  const fresh = () => threadsOf(pid).filter((thread) => !kept.has(thread));
  for (let threads = fresh(); threads.length > 0; threads = fresh()) {
    for (const thread of threads) {
      kept.add(thread);
      const before = keepThread(thread, home, cpu, pid);
      if (before !== null) masks.set(thread, before);
    }
  }
}

/** Gives the CPUs back. A thread that has started meanwhile gets those of the first one. */
function release(pid: number, masks: Masks): void {
  for (const thread of threadsOf(pid)) (masks.get(thread) ?? masks.get(pid))?.giveTo(thread);
}

/**
 * Keeps every thread of some processes on one CPU. Threads that they start later stay there too, unless they move themselves. A
 * process or a thread that has ended is no error.
 *
 * @throws {FusemeterError} `NOT_PLACED` where a thread can't be kept there: nothing has changed then
 */
export function keepOn(cpu: number, pids: readonly number[]): KeptProcesses {
  const home = CpuMask.of(cpu);
  const before = new Map<number, Masks>(pids.map((pid) => [pid, new Map()]));
  const releaseAll = () => {
    for (const [pid, masks] of before) release(pid, masks);
  };
  try {
    for (const [pid, masks] of before) keepThreads(pid, masks, home, cpu);
  } catch (error) {
    releaseAll();
    throw error;
  }
  const isStray = (thread: number) => {
    const mask = CpuMask.ofThread(thread);
    return typeof mask !== "number" && !mask.equals(home);
  };
  return { strays: () => pids.flatMap(threadsOf).filter(isStray), [Symbol.dispose]: releaseAll };
}

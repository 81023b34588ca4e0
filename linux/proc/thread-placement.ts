import { readdirSync } from "node:fs";
import { bind } from "../libc/libc.js";
import { Memory } from "../libc/memory.js";

const getAffinity = bind("int sched_getaffinity(int thread, size_t bytes, uintptr_t mask)");
const setAffinity = bind("int sched_setaffinity(int thread, size_t bytes, uintptr_t mask)");

/** Enough for 8,192 CPUs, the most that a kernel is built for (CONFIG_NR_CPUS). */
const MASK_BYTES = 1024;

/** The threads of a process that exist now; none where it is gone. */
function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}

/** Sets the mask of a thread. One that has ended meanwhile is no error. */
function place(thread: number, mask: Memory): void {
  setAffinity(thread, MASK_BYTES, mask.address);
}

/**
 * Keeps every thread of some processes on one CPU. Threads that they start later stay there too, unless they move themselves.
 *
 * @returns disposing gives each thread the CPUs back that it had
 */
export function keepOn(cpu: number, pids: readonly number[]): Disposable {
  const mask = new Memory(MASK_BYTES);
  mask.bytes[cpu >> 3] = 1 << (cpu & 7);
  const before = new Map<number, Map<number, Memory>>();
  for (const pid of pids) {
    const masks = new Map<number, Memory>();
    for (const thread of threadsOf(pid)) {
      const own = new Memory(MASK_BYTES);
      if (getAffinity(thread, MASK_BYTES, own.address) > 0) masks.set(thread, own);
      place(thread, mask);
    }
    before.set(pid, masks);
  }
  return {
    [Symbol.dispose]() {
      for (const [pid, masks] of before) {
        // A thread that was started meanwhile gets the CPUs of the first one.
        for (const thread of threadsOf(pid)) place(thread, masks.get(thread) ?? masks.get(pid) ?? mask);
      }
    },
  };
}

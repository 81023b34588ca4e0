import { bind } from "../libc/libc.js";
import { Memory } from "../libc/memory.js";

const clockGettime = bind("int clock_gettime(int clock, uintptr_t time)");

/** `struct timespec`: two longs. */
const time = new Memory(16);
const words = new BigInt64Array(time.bytes.buffer, 0, 2);

/** CPUCLOCK_SCHED, the clock of the scheduler's own accounting, for a whole process (include/linux/posix-timers.h). */
const CPUCLOCK_SCHED = 2;

/**
 * The CPU time of a process so far, all its threads together, in ns: finer than the ticks of /proc. See clock_getcpuclockid(3).
 *
 * @param pid 0: this process
 * @returns null where the process is gone
 */
export function processCpuNs(pid: number): number | null {
  const result = clockGettime((~pid << 3) | CPUCLOCK_SCHED, time.address);
  return result < 0 ? null : Number(words[0]) * 1e9 + Number(words[1]);
}

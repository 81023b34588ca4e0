import { readSync } from "node:fs";
import { Errno } from "../libc/errno.js";
import { bind } from "../libc/libc.js";
import { syscallNumber } from "../libc/syscall-numbers.js";

/** `type` and, for the software events, `config` of struct perf_event_attr: include/uapi/linux/perf_event.h. */
export const PERF_TYPE_SOFTWARE = 1;
export const PERF_TYPE_TRACEPOINT = 2;
export const PERF_COUNT_SW_TASK_CLOCK = 1;
export const PERF_COUNT_SW_PAGE_FAULTS = 2;
export const PERF_COUNT_SW_CONTEXT_SWITCHES = 3;
export const PERF_COUNT_SW_CPU_MIGRATIONS = 4;

/** Low word of the attribute's flags. */
const DISABLED = 1 << 0;
const INHERIT = 1 << 1;
const EXCLUDE_KERNEL = 1 << 5;
const ENABLE_ON_EXEC = 1 << 12;
/** High word: bit 35. */
const INHERIT_THREAD = 1 << 3;

const PERF_SAMPLE_TIME = 1 << 2;
const PERF_SAMPLE_RAW = 1 << 10;

const PERF_FORMAT_TOTAL_TIME_ENABLED = 1 << 0;
const PERF_FORMAT_TOTAL_TIME_RUNNING = 1 << 1;

const PERF_FLAG_FD_CLOEXEC = 1 << 3;

const PERF_EVENT_IOC_ENABLE = 0x2400;
const PERF_EVENT_IOC_SET_OUTPUT = 0x2405;
const PERF_EVENT_IOC_SET_FILTER = 0x40082406;

const ATTRIBUTE_SIZE = 64;

/** The event to count, and the tasks and the time to count it in. */
export interface PerfEvent {
  readonly type: number;
  /** The software event, or the tracepoint's id. */
  readonly config: number;
  /**
   * The heirs of the counter when a counted task makes another: none, every child ("tree"), or only new threads of the same
   * process ("threads", Linux 5.13).
   */
  readonly inherit: "none" | "tree" | "threads";
  /** The count starts with the target's next execve(2) instead of with {@link enablePerfEvent}. */
  readonly enableOnExec: boolean;
  /** Events in kernel mode are not counted. */
  readonly excludeKernel: boolean;
  /** Each event is also written to a ring, with its time and the tracepoint's record. */
  readonly samples?: boolean;
}

/** A task on any CPU, or a CPU with any task. */
export type PerfTarget = { readonly pid: number } | { readonly cpu: number };

/**
 * The first 64 bytes (PERF_ATTR_SIZE_VER0) of struct perf_event_attr; the kernel takes the rest as zero.
 *
 *      0  u32 type
 *      4  u32 size
 *      8  u64 config
 *     16  u64 sample_period
 *     24  u64 sample_type
 *     32  u64 read_format
 *     40  u64 flags (a bit field)
 *     48  u32 wakeup_events
 *     52  u32 bp_type
 *     56  u64 config1
 */
export function encodePerfEventAttribute(event: PerfEvent): Uint8Array {
  const bytes = new Uint8Array(ATTRIBUTE_SIZE);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, event.type, true);
  view.setUint32(4, ATTRIBUTE_SIZE, true);
  view.setBigUint64(8, BigInt(event.config), true);
  if (event.samples) {
    view.setBigUint64(16, 1n, true);
    view.setBigUint64(24, BigInt(PERF_SAMPLE_TIME | PERF_SAMPLE_RAW), true);
  }
  view.setUint32(32, PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING, true);
  view.setUint32(
    40,
    DISABLED |
      (event.inherit === "none" ? 0 : INHERIT) |
      (event.enableOnExec ? ENABLE_ON_EXEC : 0) |
      (event.excludeKernel ? EXCLUDE_KERNEL : 0),
    true,
  );
  view.setUint32(44, event.inherit === "threads" ? INHERIT_THREAD : 0, true);
  return bytes;
}

const perfEventOpen = bind("long syscall(long number, void *attribute, int pid, int cpu, int group, unsigned long flags)");
const ioctl = bind("int ioctl(int fd, unsigned long request, const void *argument)");
const ioctlValue = bind("int ioctl(int fd, unsigned long request, long value)");

/** perf_event_open(2): a descriptor, or `-errno`. */
export function openPerfEvent(event: PerfEvent, target: PerfTarget): number {
  const number = syscallNumber("perf_event_open");
  if (number === null) return -Errno.ENOSYS;
  const [pid, cpu] = "pid" in target ? [target.pid, -1] : [-1, target.cpu];
  return perfEventOpen(number, encodePerfEventAttribute(event), pid, cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

/**
 * Lets a tracepoint counter count only the records that match, for instance `id == 17`. The filter holds for inherited
 * counters too (perf_tp_filter_match looks at the parent's). 0, or `-errno`.
 */
export function setPerfFilter(fd: number, filter: string): number {
  return ioctl(fd, PERF_EVENT_IOC_SET_FILTER, Buffer.from(`${filter}\0`));
}

/** Writes an event's samples to the ring of another event of the same CPU. 0, or `-errno`. */
export function setPerfOutput(fd: number, ringFd: number): number {
  return ioctlValue(fd, PERF_EVENT_IOC_SET_OUTPUT, ringFd);
}

/** Starts a counter that does not wait for an exec. Its filter must be set before. 0, or `-errno`. */
export function enablePerfEvent(fd: number): number {
  return ioctl(fd, PERF_EVENT_IOC_ENABLE, null);
}

/**
 * The count so far of a counter and of all that inherited it, ended tasks included.
 *
 * @returns the count, and the times in ns in which the counter was enabled and in which it ran. Where they differ, events were lost
 */
export function readPerfEvent(fd: number): { count: number; enabledNs: bigint; runningNs: bigint } {
  const values = new BigUint64Array(3);
  readSync(fd, new Uint8Array(values.buffer));
  return { count: Number(values[0]), enabledNs: values[1]!, runningNs: values[2]! };
}

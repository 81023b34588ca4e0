import { bind } from "./libc.js";

/**
 * Numbers of the system calls that are made without a C function or counted by name, as [x86-64, arm64].
 * From arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h; null where the architecture has no such call.
 */
const NUMBERS = {
  read: [0, 63],
  write: [1, 64],
  close: [3, 57],
  fstat: [5, 80],
  poll: [7, null],
  lseek: [8, 62],
  mmap: [9, 222],
  munmap: [11, 215],
  ioctl: [16, 29],
  pread64: [17, 67],
  pwrite64: [18, 68],
  readv: [19, 65],
  writev: [20, 66],
  sched_yield: [24, 124],
  madvise: [28, 233],
  nanosleep: [35, 101],
  sendfile: [40, 71],
  fsync: [74, 82],
  fdatasync: [75, 83],
  setgroups: [116, 159],
  getppid: [110, 173],
  setresuid: [117, 147],
  setresgid: [119, 149],
  setfsuid: [122, 151],
  setfsgid: [123, 152],
  futex: [202, 98],
  io_getevents: [208, 4],
  io_submit: [209, 2],
  getdents64: [217, 61],
  fadvise64: [221, 223],
  clock_nanosleep: [230, 115],
  epoll_wait: [232, null],
  openat: [257, 56],
  newfstatat: [262, 79],
  ppoll: [271, 73],
  splice: [275, 76],
  vmsplice: [278, 75],
  epoll_pwait: [281, 22],
  preadv: [295, 69],
  pwritev: [296, 70],
  perf_event_open: [298, 241],
  copy_file_range: [326, 285],
  preadv2: [327, 286],
  pwritev2: [328, 287],
  statx: [332, 291],
  open_tree: [428, 428],
  move_mount: [429, 429],
  openat2: [437, 437],
  mount_setattr: [442, 442],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  cachestat: [451, 451],
} as const satisfies Record<string, readonly [x64: number, arm64: number | null]>;

export type SyscallName = keyof typeof NUMBERS;

/** The number of a system call on this machine; null where the architecture has none or the table doesn't know it. */
export function syscallNumber(name: SyscallName): number | null {
  const [x64, arm64] = NUMBERS[name];
  if (process.arch === "x64") return x64;
  return process.arch === "arm64" ? arm64 : null;
}

/** Every name in the table that has a number here. */
export function knownSyscalls(): SyscallName[] {
  return (Object.keys(NUMBERS) as SyscallName[]).filter((name) => syscallNumber(name) !== null);
}

/**
 * syscall(2), for the calls that glibc and musl don't wrap. On both architectures the call's arguments travel in the
 * same registers whether or not the prototype is variadic.
 */
export const rawSyscall = bind("long syscall(long number, long a, void *b, void *c, long d, long e)");

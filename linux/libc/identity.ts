import { bind } from "./libc.js";
import type { Memory } from "./memory.js";
import { rawSyscall, syscallNumber } from "./syscall-numbers.js";

const capget = bind("int capget(uintptr_t, uintptr_t)");
const capset = bind("int capset(uintptr_t, uintptr_t)");
const umask = bind("int umask(uint32_t)");
const unshare = bind("int unshare(int)");

/**
 * `int setfsuid(uid_t uid)`: the user whose rights the calling thread's file accesses have, and who owns the files that it makes.
 * Leaving 0 drops the thread's file capabilities (CAP_DAC_OVERRIDE, CAP_CHOWN, …); 0 brings them back. Returns the uid before.
 */
export const setfsuid = bind("int setfsuid(uint32_t)");
/** `int setfsgid(gid_t gid)`, likewise. */
export const setfsgid = bind("int setfsgid(uint32_t)");

/** Sets the calling thread's umask. The thread must have one of its own. */
export function setUmask(mask: number): void {
  umask(mask);
}

/** linux/sched.h: root, working directory and umask. */
const CLONE_FS = 0x200;

/** Gives the calling thread a umask of its own, of 0, and leaves the process's as it is: 0, or -errno. */
export function ownUmask(): number {
  const done = unshare(CLONE_FS);
  if (done === 0) umask(0);
  return done;
}

/** Sets the calling thread's supplementary groups alone; the C library's setgroups() sets the whole process's. */
export function setThreadGroups(count: number, groups: Memory): number {
  return rawSyscall(syscallNumber("setgroups")!, count, groups.words, null, 0, 0);
}

/** linux/capability.h: _LINUX_CAPABILITY_VERSION_3, and bits of its first word. */
const CAPABILITY_VERSION = 0x20080522;
const CAP_FSETID = 1 << 4;
const CAP_SYS_RESOURCE = 1 << 24;

/**
 * The capabilities of the calling thread. CAP_SYS_RESOURCE goes for good: with it, quotas would not bind. CAP_FSETID
 * comes and goes: with it, writing to and truncating a file keeps its set-id bits.
 */
export class ThreadCapabilities {
  readonly #header: Memory;
  readonly #data: Memory;
  #held: boolean;

  /** @param header memory of 8 bytes, @param data memory of 24: struct __user_cap_data_struct { u32 effective, permitted, inheritable } twice */
  constructor(header: Memory, data: Memory) {
    this.#header = header;
    this.#data = data;
    header.words[0] = CAPABILITY_VERSION;
    header.words[1] = 0;
    capget(header.address, data.address);
    this.#held = (data.words[0]! & CAP_FSETID) !== 0;
    if ((data.words[0]! & CAP_SYS_RESOURCE) !== 0) this.#set(data.words[0]! & ~CAP_SYS_RESOURCE);
  }

  /** Takes CAP_FSETID or drops it, if that changes anything and the thread is permitted to have it. */
  holdFsetid(wanted: boolean): void {
    if (wanted === this.#held) return;
    const { words } = this.#data;
    if (wanted && (words[1]! & CAP_FSETID) === 0) return;
    this.#set(wanted ? words[0]! | CAP_FSETID : words[0]! & ~CAP_FSETID);
    this.#held = wanted;
  }

  /** The kernel raised it: a thread whose fsuid becomes 0 again gets back all that it may have for files (capabilities(7)). */
  regainFsetid(): void {
    const { words } = this.#data;
    words[0] = words[0]! | (words[1]! & CAP_FSETID);
    this.#held = (words[0]! & CAP_FSETID) !== 0;
  }

  #set(effective: number): void {
    this.#data.words[0] = effective;
    this.#header.words[0] = CAPABILITY_VERSION;
    capset(this.#header.address, this.#data.address);
  }
}

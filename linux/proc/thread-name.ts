import { readFileSync } from "node:fs";
import { bind } from "../libc/libc.js";
import { cString } from "../libc/memory.js";

const prctl = bind("int prctl(int option, const void *name)");

/** include/uapi/linux/prctl.h */
const PR_SET_NAME = 15;

/** Names the calling thread, as ps(1) and top(1) show it. The kernel keeps 15 bytes. */
export function nameThread(name: string): void {
  prctl(PR_SET_NAME, cString(name));
}

/** The name of a process's first thread; null where the process is gone. */
export function threadName(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trimEnd();
  } catch {
    return null;
  }
}

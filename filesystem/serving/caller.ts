import { readFileSync } from "node:fs";
import { Errno } from "../../linux/libc/errno.js";
import { ownUmask, setfsgid, setfsuid, setThreadGroups, setUmask, ThreadCapabilities } from "../../linux/libc/identity.js";
import { Memory } from "../../linux/libc/memory.js";
import { supplementaryGroup } from "../protocol/extensions.js";
import type { Request } from "../protocol/message.js";

/** NGROUPS_MAX of the kernel. */
const MOST_GROUPS = 65536;

/**
 * The identity of a worker's thread. New files must be the caller's, with the caller's groups and umask, and the source must refuse
 * their making as it would refuse the caller; all else is done as the daemon. Each setting is the thread's
 * alone and is changed only if it differs, so a worker that serves root makes no system call for it.
 */
export class Caller {
  /** Without CAP_SETUID and CAP_SETGID there is one identity, the daemon's, and callers are its user. */
  readonly #canChange: boolean;
  readonly #capabilities: ThreadCapabilities;
  readonly #groups = new Memory(4 * MOST_GROUPS);
  #umask = 0;
  #fsgid = 0;

  constructor(canChange: boolean) {
    this.#canChange = canChange;
    this.#capabilities = new ThreadCapabilities(new Memory(8), new Memory(24));
    ownUmask();
    // The mount that the thread served before may have left another.
    if (canChange) setfsgid(0);
  }

  /**
   * Sets whether writing and truncating may leave set-id bits: the kernel says for each request if its caller has that right.
   *
   * @param gid the caller's group: its set-group-id bit stays all the same if the file is not executable by its group (`setattr_should_drop_sgid`, fs/attr.c)
   */
  mayKeepSetId(may: boolean, gid = 0): void {
    this.#capabilities.holdFsetid(may);
    if (!may) this.#setGroup(gid);
  }

  #setGroup(gid: number): void {
    if (gid === this.#fsgid || !this.#canChange) return;
    setfsgid(gid);
    this.#fsgid = gid;
  }

  /** Runs an operation that makes a name, with the umask that the caller has: its result, 0 or more or -errno. */
  make(request: Request, umask: number, operation: () => number): number {
    if (umask !== this.#umask) {
      this.#umask = umask;
      setUmask(umask);
    }
    const { uid, gid } = request;
    if (!this.#canChange || (uid === 0 && gid === 0)) {
      this.#setGroup(0);
      return operation();
    }
    // Without ACLs only one group can matter, and it comes with the request.
    const group = supplementaryGroup(request.payload, request.payloadEnd, request.extensionsEnd);
    this.#groups.words[0] = group;
    const result = this.#as(uid, gid, group < 0 ? 0 : 1, operation);
    if (result !== -Errno.EACCES && result !== -Errno.EPERM) return result;
    const count = this.#readGroups(request.pid);
    return count === 0 ? result : this.#as(uid, gid, count, operation);
  }

  #as(uid: number, gid: number, groupCount: number, operation: () => number): number {
    if (groupCount > 0) setThreadGroups(groupCount, this.#groups);
    this.#setGroup(gid);
    setfsuid(uid);
    try {
      return operation();
    } finally {
      setfsuid(0);
      this.#capabilities.regainFsetid();
      this.#setGroup(0);
      if (groupCount > 0) setThreadGroups(0, this.#groups);
    }
  }

  /** Reads the supplementary groups of a process: their number. None if it is gone or in another pid namespace. */
  #readGroups(pid: number): number {
    if (pid === 0) return 0;
    try {
      const line = /^Groups:(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "";
      const groups = line.split(" ").filter((word) => word !== "");
      for (const [index, group] of groups.entries()) this.#groups.words[index] = Number(group);
      return groups.length;
    } catch {
      return 0;
    }
  }
}

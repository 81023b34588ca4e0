import koffi from "koffi";
import { FusemeterError } from "../../errors.js";
import { errnoName } from "../libc/errno.js";
import { close } from "../libc/files.js";
import { bind } from "../libc/libc.js";
import { syscallNumber } from "../libc/syscall-numbers.js";
import * as abi from "./layout.js";
import { RingMemory } from "./memory.js";

// -1 is no system call: the kernel answers ENOSYS.
const SETUP = syscallNumber("io_uring_setup") ?? -1;
const ENTER = syscallNumber("io_uring_enter") ?? -1;
const REGISTER = syscallNumber("io_uring_register") ?? -1;

const setup = bind("long syscall(long number, uint entries, void *params)");
const register = bind("long syscall(long number, uint fd, uint opcode, void *argument, uint count)");

// The one call of the hot path: integers only, and no wrapper around it. glibc has no function for it.
const enter = koffi
  .load(null)
  .func("long syscall(long number, uint fd, uint submitted, uint wanted, uint flags, long argument, long size)") as unknown as (
  number: number,
  fd: number,
  submitted: number,
  wanted: number,
  flags: number,
  argument: number,
  size: number,
) => number;

/**
 * One io_uring, for one thread: the one that made it. Source: io_uring_setup(2), io_uring_enter(2).
 *
 * Submissions are 128 bytes long, as FUSE wants them. With SINGLE_ISSUER and DEFER_TASKRUN the kernel reads and writes the
 * rings only while this thread is inside io_uring_enter, so heads and tails need no atomic instructions: a call of a C
 * function is barrier enough.
 */
export class IoUring implements Disposable {
  /** The submissions, as words; `prepare` says where one begins. Meanings: `SQE` in io-uring-layout. */
  readonly submissions: Int32Array;
  readonly #fd: number;
  readonly #sqRing: RingMemory;
  readonly #sqes: RingMemory;
  readonly #ring: Int32Array;
  readonly #sqTailAt: number;
  readonly #cqHeadAt: number;
  readonly #cqTailAt: number;
  readonly #cqesAt: number;
  readonly #sqMask: number;
  readonly #cqMask: number;
  #enterFd: number;
  #enterFlags: number = abi.IORING_ENTER_GETEVENTS;
  #sqTail = 0;
  #unsubmitted = 0;
  #cqHead = 0;

  /**
   * @param entries how many submissions fit between two calls of `enter`; the completion ring holds four times as many
   * @throws FusemeterError IO_URING_UNAVAILABLE: an old kernel, `kernel.io_uring_disabled`, or a seccomp filter
   */
  constructor(entries: number) {
    const params = new Uint32Array(abi.PARAMS.size / 4);
    const word = (offset: number) => params[offset / 4]!;
    params[abi.PARAMS.cqEntries / 4] = entries * 4;
    params[abi.PARAMS.flags / 4] =
      abi.IORING_SETUP_CQSIZE |
      abi.IORING_SETUP_SUBMIT_ALL |
      abi.IORING_SETUP_SQE128 |
      abi.IORING_SETUP_SINGLE_ISSUER |
      abi.IORING_SETUP_DEFER_TASKRUN |
      abi.IORING_SETUP_NO_SQARRAY;
    const fd = setup(SETUP, entries, params);
    if (fd < 0) throw unavailable("io_uring_setup", fd);
    this.#fd = fd;
    this.#enterFd = fd;
    if ((word(abi.PARAMS.features) & abi.IORING_FEAT_NO_IOWAIT) !== 0) this.#enterFlags |= abi.IORING_ENTER_NO_IOWAIT;
    const cqesBytes = word(abi.PARAMS.cqEntries) * abi.CQE.words * 4;
    // Both rings are one mapping since Linux 5.4 (IORING_FEAT_SINGLE_MMAP), the completions at its end.
    this.#sqRing = new RingMemory(fd, abi.IORING_OFF_SQ_RING, word(abi.PARAMS.cqCqes) + cqesBytes);
    this.#sqes = new RingMemory(fd, abi.IORING_OFF_SQES, word(abi.PARAMS.sqEntries) * abi.SQE.words * 4);
    this.#ring = new Int32Array(this.#sqRing.buffer);
    this.submissions = new Int32Array(this.#sqes.buffer);
    this.#sqTailAt = word(abi.PARAMS.sqTail) / 4;
    this.#cqHeadAt = word(abi.PARAMS.cqHead) / 4;
    this.#cqTailAt = word(abi.PARAMS.cqTail) / 4;
    this.#cqesAt = word(abi.PARAMS.cqCqes) / 4;
    this.#sqMask = word(abi.PARAMS.sqEntries) - 1;
    this.#cqMask = word(abi.PARAMS.cqEntries) - 1;
    this.#registerItself();
  }

  /** The ring by its index instead of its descriptor: saves a look-up in the shared descriptor table at each `enter`. */
  #registerItself(): void {
    // struct io_uring_rsrc_update { u32 offset, resv; u64 data; }: any free index, this descriptor.
    const update = new Uint32Array([0xffffffff, 0, this.#fd, 0]);
    if (register(REGISTER, this.#fd, abi.IORING_REGISTER_RING_FDS, update, 1) !== 1) return;
    this.#enterFd = update[0]!;
    this.#enterFlags |= abi.IORING_ENTER_REGISTERED_RING;
  }

  /** Gives the kernel descriptors to keep: IOSQE_FIXED_FILE then names them by their place in this list. */
  registerFiles(descriptors: readonly number[]): void {
    const list = Int32Array.from(descriptors);
    const result = register(REGISTER, this.#fd, abi.IORING_REGISTER_FILES, list, list.length);
    if (result < 0) throw unavailable("io_uring_register(FILES)", result);
  }

  /**
   * Begins a submission and gives the place of its first word in `submissions`. All 128 bytes are zero first: READ takes what
   * was left at byte 48 for its attributes and fails with EINVAL.
   *
   * @param flags IOSQE_…
   * @param userData comes back in the completion; 32 bits are enough for us
   * @throws RangeError when the ring is full: the caller knows its size and calls `enter` in time
   */
  prepare(opcode: number, flags: number, fd: number, userData: number): number {
    if (this.#unsubmitted > this.#sqMask) throw new RangeError("the submission ring is full");
    const at = (this.#sqTail & this.#sqMask) * abi.SQE.words;
    const words = this.submissions;
    words.fill(0, at, at + abi.SQE.words);
    words[at] = opcode | (flags << 8);
    words[at + abi.SQE.fd] = fd;
    words[at + abi.SQE.userData] = userData;
    this.#sqTail = (this.#sqTail + 1) | 0;
    this.#unsubmitted++;
    return at;
  }

  /**
   * Submits the prepared entries and waits until `wanted` completions are there: one system call.
   *
   * @returns how many submissions the kernel took, or `-errno`; EINTR and EAGAIN mean: look at the completions, then call again
   */
  enter(wanted: number): number {
    this.#ring[this.#sqTailAt] = this.#sqTail;
    const taken = enter(ENTER, this.#enterFd, this.#unsubmitted, wanted, this.#enterFlags, 0, 0);
    if (taken < 0) return -koffi.errno();
    this.#unsubmitted -= taken;
    return taken;
  }

  /** The number of completions that are there and not yet `seen`. */
  get ready(): number {
    return (this.#ring[this.#cqTailAt]! - this.#cqHead) | 0;
  }

  /** `user_data` (its low 32 bits) of the completion that is the `index`-th of the ready ones. */
  userData(index: number): number {
    return this.#ring[this.#completionAt(index) + abi.CQE.userData]!;
  }

  /** `res` of the completion that is the `index`-th of the ready ones: a count, or `-errno`. */
  result(index: number): number {
    return this.#ring[this.#completionAt(index) + abi.CQE.result]!;
  }

  /** Gives the first `count` ready completions back to the kernel. */
  seen(count: number): void {
    this.#cqHead = (this.#cqHead + count) | 0;
    this.#ring[this.#cqHeadAt] = this.#cqHead;
  }

  #completionAt(index: number): number {
    return this.#cqesAt + ((this.#cqHead + index) & this.#cqMask) * abi.CQE.words;
  }

  [Symbol.dispose](): void {
    close(this.#fd);
    this.#sqRing[Symbol.dispose]();
    this.#sqes[Symbol.dispose]();
  }
}

function unavailable(call: string, result: number): FusemeterError {
  return new FusemeterError({
    code: "IO_URING_UNAVAILABLE",
    fault: "host",
    problem: `${call} failed`,
    reason: errnoName(-result),
    remedy: "use the transport device, or allow io_uring (sysctl kernel.io_uring_disabled, the container's seccomp profile)",
  });
}

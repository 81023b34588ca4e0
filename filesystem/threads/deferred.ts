import { fdatasync, fsync } from "node:fs";
import type { MessagePort } from "node:worker_threads";
import { Errno } from "../../linux/libc/errno.js";
import { wakeUp } from "../../linux/libc/eventfd.js";
import { close, dup } from "../../linux/libc/files.js";
import { flock, LockType, type RangeLock } from "../../linux/libc/locks.js";
import { Memory } from "../../linux/libc/memory.js";
import { flockOperation, reportWriteErrors } from "../operations/locks.js";
import { FlushIn, FsyncIn, FUSE_FSYNC_FDATASYNC, ReleaseIn } from "../protocol/files.js";
import { InHeader, OutHeader } from "../protocol/header.js";
import { FUSE_LK_FLOCK, LkIn, LkOut } from "../protocol/locks.js";
import type { LateAnswer } from "../protocol/message.js";
import { Opcode } from "../protocol/opcodes.js";
import type { Context } from "../serving/context.js";
import type { Deferred } from "../serving/deferral.js";
import { directoryOf, fileOf, openRegular, Refusal, returnBorrowed } from "../serving/node.js";
import { LockOwners } from "../tables/lock-owners.js";
import { sendAnswer } from "../transports/device.js";
import { serveMounts } from "./thread.js";
import { contextOf, type ThreadData } from "./thread-data.js";

/** What the waiter is started with. */
export interface WaiterData extends ThreadData {
  /** One from each worker. */
  readonly ports: readonly MessagePort[];
}

/** A request, and the way back to the worker that handed it over. */
interface Waiting extends Deferred {
  readonly port: MessagePort;
}

/** A request, or the unique id of one whose caller no longer wants to wait. */
type Message = Deferred | { readonly interrupted: readonly [low: number, high: number] };

/**
 * How often a lock is tried that somebody outside of this mount may let go of. Locks that callers of the mount let go of
 * are tried at once.
 */
const RETRY_MILLISECONDS = 20;

/** How long an interrupt is remembered whose request has not come yet: they can overtake each other between two workers. */
const REMEMBER_MILLISECONDS = 1000;

// The thread for what may take long, so that no worker is held up: fsync on libuv's threads, and waiting for locks.
serveMounts(async (data: WaiterData, ready) => {
  const waiter = new Waiter(await contextOf(data, 0, data.ports[0]!));
  for (const port of data.ports) port.on("message", (message: Message) => waiter.serve(port, message));
  // A worker closes its port when it is done.
  const closed = data.ports.map((port) => new Promise((resolve) => port.once("close", resolve)));
  ready();
  await Promise.all(closed);
  await waiter.end();
});

function uniqueOf({ header }: Deferred): string {
  return `${header[InHeader.unique]} ${header[InHeader.unique + 1]}`;
}

function ownerOf(args: Uint32Array, at: number): string {
  return `${args[at]} ${args[at + 1]}`;
}

function rangeOf(args: Uint32Array): RangeLock {
  const u64 = (at: number) => (BigInt(args[at + 1]!) << 32n) | BigInt(args[at]!);
  return { type: args[LkIn.type]!, start: u64(LkIn.start), end: u64(LkIn.end) };
}

class Waiter {
  readonly #context: Context;
  readonly #owners: LockOwners;
  readonly #output = new Memory(OutHeader.bytes + LkOut.bytes);
  readonly #waiting = new Map<string, Waiting>();
  readonly #interrupted = new Map<string, number>();
  /** Calls of fsync that are under way. */
  readonly #synchronizing = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | null = null;

  constructor(context: Context) {
    this.#context = context;
    this.#owners = new LockOwners(context.inodes, (nodeId, flags) => openRegular(context, nodeId, flags));
  }

  serve(port: MessagePort, message: Message): void {
    if ("interrupted" in message) {
      this.#interrupt(message.interrupted);
      return;
    }
    const request: Waiting = { ...message, port };
    try {
      this.#services.get(message.header[InHeader.opcode]!)?.(request);
    } catch (fault) {
      this.#answer(request, fault instanceof Refusal ? -fault.errno : -Errno.EIO);
    } finally {
      returnBorrowed(this.#context);
    }
  }

  /** Lets go of every lock, and waits for what uses descriptors of the mount. */
  async end(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#owners.releaseAll();
    await Promise.all(this.#synchronizing);
  }

  readonly #services: ReadonlyMap<number, (request: Waiting) => void> = new Map([
    [Opcode.FSYNC, (request) => this.#synchronizeFile(request)],
    [Opcode.FSYNCDIR, (request) => this.#synchronizeDirectory(request)],
    [Opcode.FLUSH, (request) => this.#flush(request)],
    [Opcode.RELEASE, (request) => this.#release(request)],
    [Opcode.GETLK, (request) => this.#getLock(request)],
    [Opcode.SETLK, (request) => this.#setLock(request, false)],
    [Opcode.SETLKW, (request) => this.#setLock(request, true)],
  ]);

  #answer({ ticket, header, port }: Waiting, result: number): void {
    if ("device" in ticket) {
      sendAnswer(ticket.device, this.#output, header, result);
      return;
    }
    const body = this.#output.bytes.subarray(OutHeader.bytes, OutHeader.bytes + Math.max(result, 0));
    port.postMessage({ entry: ticket.entry, result, body } satisfies LateAnswer);
    wakeUp(ticket.wake);
  }

  #tryLock({ header, args }: Deferred): number {
    const fd = fileOf(this.#context, args, LkIn.fh);
    if ((args[LkIn.lkFlags]! & FUSE_LK_FLOCK) !== 0) return flock(fd, flockOperation(args[LkIn.type]!));
    return this.#owners.set(header[InHeader.nodeid]!, fd, ownerOf(args, LkIn.owner), args[LkIn.pid]!, rangeOf(args));
  }

  /** Tries every lock that is waited for, the longest-waiting first. */
  #retry(): void {
    for (const [unique, request] of this.#waiting) {
      const done = this.#tryLock(request);
      if (done === -Errno.EAGAIN) continue;
      this.#waiting.delete(unique);
      this.#answer(request, done);
    }
    if (this.#waiting.size === 0 && this.#timer !== null) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
  }

  #setLock(request: Waiting, wait: boolean): void {
    const done = this.#tryLock(request);
    if (done === -Errno.EAGAIN && wait) {
      const unique = uniqueOf(request);
      if (this.#interrupted.delete(unique)) {
        this.#answer(request, -Errno.EINTR);
        return;
      }
      this.#waiting.set(unique, request);
      this.#timer ??= setInterval(() => this.#retry(), RETRY_MILLISECONDS);
      return;
    }
    this.#answer(request, done);
    if (request.args[LkIn.type] === LockType.UNLCK) this.#retry();
  }

  #getLock(request: Waiting): void {
    const { header, args } = request;
    const found = this.#owners.get(header[InHeader.nodeid]!, ownerOf(args, LkIn.owner), args[LkIn.pid]!, rangeOf(args));
    if (typeof found === "number") {
      this.#answer(request, found);
      return;
    }
    const bytes = this.#output.bytes.subarray(OutHeader.bytes);
    bytes.writeBigUInt64LE(found.start, LkOut.start * 4);
    bytes.writeBigUInt64LE(found.end, LkOut.end * 4);
    bytes.writeUInt32LE(found.type, LkOut.type * 4);
    bytes.writeUInt32LE(found.pid, LkOut.pid * 4);
    this.#answer(request, LkOut.bytes);
  }

  #flush(request: Waiting): void {
    this.#owners.release(request.header[InHeader.nodeid]!, ownerOf(request.args, FlushIn.lockOwner));
    this.#answer(request, reportWriteErrors(fileOf(this.#context, request.args, FlushIn.fh)));
    this.#retry();
  }

  #release(request: Waiting): void {
    const fd = request.args[ReleaseIn.fh]!;
    this.#owners.releaseFile(request.header[InHeader.nodeid]!, fd);
    this.#answer(request, this.#context.openFiles.close(fd));
    this.#retry();
  }

  #synchronizeFile(request: Waiting): void {
    this.#synchronize(request, fileOf(this.#context, request.args, FsyncIn.fh), () => {});
  }

  #synchronizeDirectory(request: Waiting): void {
    // The descriptor may be this request's alone, and it ends before the call does.
    const fd = dup(directoryOf(this.#context, request.header[InHeader.nodeid]!, request.args, FsyncIn.fh));
    if (fd < 0) this.#answer(request, fd);
    else this.#synchronize(request, fd, () => close(fd));
  }

  #synchronize(request: Waiting, fd: number, done: () => void): void {
    const call = (request.args[FsyncIn.fsyncFlags]! & FUSE_FSYNC_FDATASYNC) !== 0 ? fdatasync : fsync;
    const over = new Promise<void>((resolve) =>
      call(fd, (error) => {
        // libuv's error numbers are the kernel's, negated.
        this.#answer(request, error === null ? 0 : (error.errno ?? -Errno.EIO));
        done();
        this.#synchronizing.delete(over);
        resolve();
      }),
    );
    this.#synchronizing.add(over);
  }

  #interrupt([low, high]: readonly [number, number]): void {
    const unique = `${low} ${high}`;
    const request = this.#waiting.get(unique);
    if (request !== undefined) {
      this.#waiting.delete(unique);
      this.#answer(request, -Errno.EINTR);
      return;
    }
    const now = Date.now();
    for (const [known, since] of this.#interrupted) if (now - since > REMEMBER_MILLISECONDS) this.#interrupted.delete(known);
    this.#interrupted.set(unique, now);
  }
}

import { fdatasync, fsync } from "node:fs";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { Errno } from "./linux/errno.js";
import { wakeUp } from "./linux/eventfd.js";
import { close, dup } from "./linux/files.js";
import { flock, LockType, type RangeLock } from "./linux/locks.js";
import { Memory } from "./linux/memory.js";
import { LockOwners } from "./lock-owners.js";
import type { Deferred } from "./operations/deferral.js";
import { flockOperation, reportWriteErrors } from "./operations/locks.js";
import { directoryOf, fileOf, openRegular, Refusal, returnBorrowed } from "./operations/node.js";
import { FlushIn, FsyncIn, FUSE_FSYNC_FDATASYNC, ReleaseIn } from "./protocol/files.js";
import { InHeader, OutHeader } from "./protocol/header.js";
import { FUSE_LK_FLOCK, LkIn, LkOut } from "./protocol/locks.js";
import type { LateAnswer } from "./protocol/message.js";
import { Opcode } from "./protocol/opcodes.js";
import { contextOf, type ThreadData } from "./thread-data.js";
import { sendAnswer } from "./transports/device.js";

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
const data = workerData as WaiterData;
const context = await contextOf(data, 0, data.ports[0]!);
const owners = new LockOwners(context.inodes, (nodeId, flags) => openRegular(context, nodeId, flags));
const output = new Memory(OutHeader.bytes + LkOut.bytes);
const waiting = new Map<string, Waiting>();
const interrupted = new Map<string, number>();
let timer: NodeJS.Timeout | null = null;

function uniqueOf({ header }: Deferred): string {
  return `${header[InHeader.unique]} ${header[InHeader.unique + 1]}`;
}

function answer({ ticket, header, port }: Waiting, result: number): void {
  if ("device" in ticket) {
    sendAnswer(ticket.device, output, header, result);
    return;
  }
  const body = output.bytes.subarray(OutHeader.bytes, OutHeader.bytes + Math.max(result, 0));
  port.postMessage({ entry: ticket.entry, result, body } satisfies LateAnswer);
  wakeUp(ticket.wake);
}

function ownerOf(args: Uint32Array, at: number): string {
  return `${args[at]} ${args[at + 1]}`;
}

function rangeOf(args: Uint32Array): RangeLock {
  const u64 = (at: number) => (BigInt(args[at + 1]!) << 32n) | BigInt(args[at]!);
  return { type: args[LkIn.type]!, start: u64(LkIn.start), end: u64(LkIn.end) };
}

function tryLock({ header, args }: Deferred): number {
  if ((args[LkIn.lkFlags]! & FUSE_LK_FLOCK) !== 0) return flock(fileOf(context, args, LkIn.fh), flockOperation(args[LkIn.type]!));
  return owners.set(
    header[InHeader.nodeid]!,
    fileOf(context, args, LkIn.fh),
    ownerOf(args, LkIn.owner),
    args[LkIn.pid]!,
    rangeOf(args),
  );
}

/** Tries every lock that is waited for, the longest-waiting first. */
function retry(): void {
  for (const [unique, request] of waiting) {
    const done = tryLock(request);
    if (done === -Errno.EAGAIN) continue;
    waiting.delete(unique);
    answer(request, done);
  }
  if (waiting.size === 0 && timer !== null) {
    clearInterval(timer);
    timer = null;
  }
}

function setLock(request: Waiting, wait: boolean): void {
  const done = tryLock(request);
  if (done === -Errno.EAGAIN && wait) {
    const unique = uniqueOf(request);
    if (interrupted.delete(unique)) {
      answer(request, -Errno.EINTR);
      return;
    }
    waiting.set(unique, request);
    timer ??= setInterval(retry, RETRY_MILLISECONDS);
    return;
  }
  answer(request, done);
  if (request.args[LkIn.type] === LockType.UNLCK) retry();
}

function getLock(request: Waiting): void {
  const { header, args } = request;
  const found = owners.get(header[InHeader.nodeid]!, ownerOf(args, LkIn.owner), args[LkIn.pid]!, rangeOf(args));
  if (typeof found === "number") {
    answer(request, found);
    return;
  }
  const bytes = output.bytes.subarray(OutHeader.bytes);
  bytes.writeBigUInt64LE(found.start, LkOut.start * 4);
  bytes.writeBigUInt64LE(found.end, LkOut.end * 4);
  bytes.writeUInt32LE(found.type, LkOut.type * 4);
  bytes.writeUInt32LE(found.pid, LkOut.pid * 4);
  answer(request, LkOut.bytes);
}

function flush(request: Waiting): void {
  owners.release(request.header[InHeader.nodeid]!, ownerOf(request.args, FlushIn.lockOwner));
  answer(request, reportWriteErrors(fileOf(context, request.args, FlushIn.fh)));
  retry();
}

function release(request: Waiting): void {
  const fd = request.args[ReleaseIn.fh]!;
  owners.releaseFile(request.header[InHeader.nodeid]!, fd);
  answer(request, context.openFiles.close(fd));
  retry();
}

function synchronize(request: Waiting, fd: number, done: () => void): void {
  const call = (request.args[FsyncIn.fsyncFlags]! & FUSE_FSYNC_FDATASYNC) !== 0 ? fdatasync : fsync;
  call(fd, (error) => {
    // libuv's error numbers are the kernel's, negated.
    answer(request, error === null ? 0 : (error.errno ?? -Errno.EIO));
    done();
  });
}

function synchronizeFile(request: Waiting): void {
  synchronize(request, fileOf(context, request.args, FsyncIn.fh), () => {});
}

function synchronizeDirectory(request: Waiting): void {
  // The descriptor may be this request's alone, and it ends before the call does.
  const fd = dup(directoryOf(context, request.header[InHeader.nodeid]!, request.args, FsyncIn.fh));
  if (fd < 0) answer(request, fd);
  else synchronize(request, fd, () => close(fd));
}

function interrupt([low, high]: readonly [number, number]): void {
  const unique = `${low} ${high}`;
  const request = waiting.get(unique);
  if (request !== undefined) {
    waiting.delete(unique);
    answer(request, -Errno.EINTR);
    return;
  }
  const now = Date.now();
  for (const [known, since] of interrupted) if (now - since > REMEMBER_MILLISECONDS) interrupted.delete(known);
  interrupted.set(unique, now);
}

const services: ReadonlyMap<number, (request: Waiting) => void> = new Map([
  [Opcode.FSYNC, synchronizeFile],
  [Opcode.FSYNCDIR, synchronizeDirectory],
  [Opcode.FLUSH, flush],
  [Opcode.RELEASE, release],
  [Opcode.GETLK, getLock],
  [Opcode.SETLK, (request) => setLock(request, false)],
  [Opcode.SETLKW, (request) => setLock(request, true)],
]);

function serve(port: MessagePort, message: Message): void {
  if ("interrupted" in message) {
    interrupt(message.interrupted);
    return;
  }
  const request: Waiting = { ...message, port };
  try {
    services.get(message.header[InHeader.opcode]!)?.(request);
  } catch (fault) {
    answer(request, fault instanceof Refusal ? -fault.errno : -Errno.EIO);
  } finally {
    returnBorrowed(context);
  }
}

for (const port of data.ports) port.on("message", (message: Message) => serve(port, message));
parentPort!.once("message", () => {
  owners.releaseAll();
  if (timer !== null) clearInterval(timer);
  for (const port of data.ports) port.close();
  parentPort!.close();
});
parentPort!.postMessage("ready");

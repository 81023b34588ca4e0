import { Errno } from "../../linux/libc/errno.js";
import { close } from "../../linux/libc/files.js";
import { Open } from "../../linux/libc/flags.js";
import type { Context } from "./context.js";
import { reopen } from "./reopen.js";

/** Thrown by a handler that can't go on: the answer is -errno. */
export class Refusal extends Error {
  readonly errno: number;

  constructor(errno: number) {
    super(`errno ${errno}`);
    this.errno = errno;
  }
}

/**
 * A descriptor of a node's file, for the request under way: the node's own, or one opened by its handle, which the
 * dispatcher closes after.
 *
 * @throws Refusal ESTALE if the file is gone or the node was never given out
 */
export function fdOf(context: Context, nodeId: number): number {
  const fd = context.inodes.fd(nodeId);
  return fd >= 0 ? fd : borrow(context, nodeId);
}

function borrow(context: Context, nodeId: number): number {
  const { handle } = context.registers;
  if (!context.inodes.copyHandle(nodeId, handle.words)) throw new Refusal(Errno.ESTALE);
  const fd = handle.open(context.handleRoot, Open.PATH | Open.CLOEXEC);
  if (fd < 0) throw new Refusal(-fd);
  context.registers.borrowed.push(fd);
  return fd;
}

/** Closes what `fdOf` opened. */
export function returnBorrowed(context: Context): void {
  for (let fd = context.registers.borrowed.pop(); fd !== undefined; fd = context.registers.borrowed.pop()) close(fd);
}

/**
 * The descriptor of an open directory; in a mount that opens none, one for the request under way.
 *
 * @throws Refusal if there is none
 */
export function directoryOf(context: Context, nodeId: number, args: Uint32Array, at: number): number {
  if (!context.settings.openlessDirectories) return fileOf(context, args, at);
  const fd = reopen(context, fdOf(context, nodeId), Open.RDONLY | Open.DIRECTORY);
  if (fd < 0) throw new Refusal(-fd);
  context.registers.borrowed.push(fd);
  return fd;
}

/** Opens a node's regular file: a descriptor, or -errno. @throws Refusal for anything else: opening that may wait or act */
export function openRegular(context: Context, nodeId: number, flags: number): number {
  const fd = fdOf(context, nodeId);
  if (!context.inodes.isRegular(nodeId)) throw new Refusal(Errno.EINVAL);
  return reopen(context, fd, flags);
}

/** The descriptor in a file handle. @throws Refusal EBADF if the kernel was never given that handle */
export function fileOf(context: Context, args: Uint32Array, at: number): number {
  const fd = args[at]!;
  if (!context.openFiles.has(fd)) throw new Refusal(Errno.EBADF);
  return fd;
}

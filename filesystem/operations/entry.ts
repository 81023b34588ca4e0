import { statxAt, statxOf } from "../../linux/libc/attributes.js";
import { Errno } from "../../linux/libc/errno.js";
import { close, openat } from "../../linux/libc/files.js";
import { Open } from "../../linux/libc/flags.js";
import type { Address } from "../../linux/libc/libc.js";
import { EntryOut, encodeEntry } from "../protocol/attributes.js";
import type { Reply } from "../protocol/message.js";
import { showComplete } from "../serving/arrival.js";
import type { Context } from "../serving/context.js";
import { reopen } from "../serving/reopen.js";

/**
 * Finds a name's node and counts a lookup of it: the node id, or -errno. `context.registers.statx` then has its attributes.
 * A known inode costs one system call; a new one is opened and looked at again, since the name may have changed hands. After a new one
 * the next is likely to be new: it is opened at once, which spares the first look.
 */
export function lookUp(context: Context, directory: number, name: Address): number {
  const { inodes } = context;
  const { statx, handle } = context.registers;
  if (context.registers.predictsNewNames) {
    const nodeId = adopt(context, directory, name);
    // With no descriptor left, a known inode can still be found.
    if (nodeId !== -Errno.EMFILE && nodeId !== -Errno.ENFILE) return nodeId;
  }
  const seen = statxAt(directory, name, statx.address);
  if (seen < 0) return seen;
  const nodeId = inodes.find(statx.words);
  if (nodeId === 0) {
    context.registers.predictsNewNames = true;
    return adopt(context, directory, name);
  }
  if (inodes.fd(nodeId) >= 0) return nodeId;
  // No descriptor keeps the inode number from being used again: the handle tells.
  if (handle.take(directory, name) === 0 && inodes.hasHandle(nodeId, handle.words)) return nodeId;
  inodes.disown(nodeId);
  return adopt(context, directory, name);
}

/** As `lookUp`, for a name that is most likely new. */
function adopt(context: Context, directory: number, name: Address): number {
  const { statx } = context.registers;
  const fd = openat(directory, name, Open.PATH | Open.NOFOLLOW | Open.CLOEXEC, 0);
  if (fd < 0) return fd;
  const seen = statxOf(fd, statx.address);
  if (seen < 0) {
    close(fd);
    return seen;
  }
  const { inodes } = context;
  const known = inodes.find(statx.words);
  if (known !== 0 && inodes.fd(known) >= 0) {
    context.registers.predictsNewNames = false;
    close(fd);
    return known;
  }
  if (known !== 0) inodes.forget(known, 1);
  return insert(context, fd) || -Errno.ENOMEM;
}

/** The node of an open file, with one lookup more: its id, or -errno. `context.registers.statx` then has its attributes. */
export function adoptOpen(context: Context, fd: number): number {
  const seen = statxOf(fd, context.registers.statx.address);
  if (seen < 0) return seen;
  const known = context.inodes.find(context.registers.statx.words);
  if (known !== 0 && context.inodes.fd(known) >= 0) return known;
  if (known !== 0) context.inodes.forget(known, 1);
  const pathFd = reopen(context, fd, Open.PATH);
  return pathFd < 0 ? pathFd : insert(context, pathFd) || -Errno.ENOMEM;
}

/** The node of an open file whose attributes are in `context.registers.statx`; the table takes the descriptor. 0 if it is full. */
function insert(context: Context, fd: number): number {
  const { inodes } = context;
  const { handle } = context.registers;
  const handled =
    inodes.needsHandles && context.handleRoot >= 0 && handle.take(fd) === 0 && handle.mountId === context.handleMount;
  return inodes.insert(fd, context.registers.statx.words, handled ? handle.words : null);
}

/** Answers with a node that was just looked up, whose attributes are in `context.registers.statx`. */
export function writeEntry(context: Context, reply: Reply, nodeId: number): number {
  const { entryTimeout, attrTimeout } = context.settings;
  showComplete(context);
  encodeEntry(
    reply.words,
    0,
    nodeId,
    context.inodes.generation(nodeId),
    entryTimeout,
    attrTimeout,
    context.registers.statx.words,
  );
  return EntryOut.bytes;
}

/** Answers with the file that was just made under a name. */
export function answerNew(context: Context, reply: Reply, directory: number, name: Address): number {
  const nodeId = adopt(context, directory, name);
  return nodeId < 0 ? nodeId : writeEntry(context, reply, nodeId);
}

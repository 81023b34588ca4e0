import { Statx } from "../../linux/libc/statx.js";
import { AttrOut, EntryOut, encodeAttrOut, encodeEntry, GetattrIn } from "../protocol/attributes.js";
import { ReadIn } from "../protocol/data.js";
import { encodeOpenOut, OpenIn, OpenOut, ReleaseIn } from "../protocol/files.js";
import { NO_REPLY, type Reply, type Request } from "../protocol/message.js";
import { BatchForgetIn, ForgetIn } from "../protocol/names.js";
import type { Context } from "../serving/context.js";
import type { Operations } from "./handler.js";

/**
 * A filesystem with nothing behind it: every name in its root is the same file of zeros, larger than any load. An answer
 * costs no system call but the transport's own, so a read of it is what FUSE itself costs.
 */
const ROOT_NODE = 1;
const FILE_NODE = 2;
const FILE_BYTES = 2 ** 40;

/** The bytes at the front of a READ's memory that a name or another answer may have left there. */
const LEFTOVER_BYTES = 512;

function attributesOf(nodeId: number, mode: number, sizeBytes: number): Uint32Array {
  const statx = new Uint32Array(Statx.bytes / 4);
  statx[Statx.ino] = nodeId;
  statx[Statx.mode] = mode;
  statx[Statx.nlink] = 1;
  statx[Statx.size + 1] = sizeBytes / 2 ** 32;
  statx[Statx.blksize] = 4096;
  return statx;
}

const root = attributesOf(ROOT_NODE, 0o040555, 0);
const file = attributesOf(FILE_NODE, 0o100444, FILE_BYTES);

function lookup(_request: Request, reply: Reply, { settings }: Context): number {
  encodeEntry(reply.words, 0, FILE_NODE, 0, settings.entryTimeout, settings.attrTimeout, file);
  return EntryOut.bytes;
}

function getattr(request: Request, reply: Reply, { settings }: Context): number {
  encodeAttrOut(reply.words, settings.attrTimeout, request.nodeId === ROOT_NODE ? root : file);
  return AttrOut.bytes;
}

function open(_request: Request, reply: Reply): number {
  encodeOpenOut(reply.words, 0, 0, 0, 0, 0);
  return OpenOut.bytes;
}

/** The memory of an answer is zero but for its front: nothing is written that was not written before. */
function read(request: Request, reply: Reply): number {
  const size = Math.min(request.args[ReadIn.size]!, reply.capacity);
  reply.words.fill(0, 0, LEFTOVER_BYTES / 4);
  return size;
}

const nothing = () => 0;
const noReply = () => NO_REPLY;

/** The rows of a mount of zeros; all other opcodes are answered ENOSYS. */
export const zeroOperations: Operations = {
  LOOKUP: { argsBytes: 0, handle: lookup },
  FORGET: { argsBytes: ForgetIn.bytes, handle: noReply },
  BATCH_FORGET: { argsBytes: BatchForgetIn.bytes, handle: noReply },
  GETATTR: { argsBytes: GetattrIn.bytes, handle: getattr },
  OPEN: { argsBytes: OpenIn.bytes, handle: open },
  READ: { argsBytes: ReadIn.bytes, handle: read },
  RELEASE: { argsBytes: ReleaseIn.bytes, handle: nothing },
  OPENDIR: { argsBytes: OpenIn.bytes, handle: open },
  READDIR: { argsBytes: ReadIn.bytes, handle: nothing },
  READDIRPLUS: { argsBytes: ReadIn.bytes, handle: nothing },
  RELEASEDIR: { argsBytes: ReleaseIn.bytes, handle: nothing },
};

import { dirname } from "node:path";
import { close, openPath } from "../../linux/libc/files.js";
import { Open } from "../../linux/libc/flags.js";
import type { Memory } from "../../linux/libc/memory.js";
import { adoptOpen } from "../operations/entry.js";
import { EntryOut, GetattrIn } from "../protocol/attributes.js";
import { ReadIn } from "../protocol/data.js";
import { Dirent, direntBytes } from "../protocol/directories.js";
import { OpenIn, OpenOut, ReleaseIn } from "../protocol/files.js";
import { InHeader } from "../protocol/header.js";
import type { Reply } from "../protocol/message.js";
import { ForgetIn } from "../protocol/names.js";
import { Opcode } from "../protocol/opcodes.js";
import type { Context } from "../serving/context.js";

/** With half as many, a first listing took a quarter longer. Together they take 80 to 100 ms. */
const ROUNDS = 24;
/** The last rounds pause. */
const PAUSED_ROUNDS = 4;
const PAUSE_MS = 5;
/** Less than a listing of the folder takes: listings come in pieces. */
const LISTING_BYTES = { [Opcode.READDIR]: 512, [Opcode.READDIRPLUS]: 2048 };

/** The folder that is walked: this program's own files, which are there wherever it runs. */
const folder = dirname(import.meta.dirname);

/** True if this thread is warm already, from another mount. */
let isWarm = false;

/** The parts of a worker that are rehearsed: the memory of its requests and its answers, and the function that serves one. */
interface Worker {
  readonly input: Memory;
  readonly reply: Reply;
  /** A descriptor of /dev/null. */
  readonly nowhere: number;
  serve(length: number, end: number): number;
}

/**
 * Lets a worker serve requests that nobody sent, LOOKUP, GETATTR, FORGET and listings, until V8 has compiled their handlers: otherwise
 * the first thousands of a mount would run interpreted, and many a mount's busiest moment is its first, when somebody walks the
 * whole tree. Leaves nothing behind: no node, no descriptor, no count.
 *
 * @param input the memory that requests are written to, as the kernel writes them
 * @param serve serves the one of `length` bytes and sends its answer by `end`: the result of `dispatch`
 */
export function warmUp(input: Memory, reply: Reply, context: Context, serve: Worker["serve"]): void {
  const { content, debug } = context.settings;
  if (isWarm || content !== "source" || debug) return;
  isWarm = true;
  const nowhere = openPath("/dev/null", Open.WRONLY);
  if (nowhere < 0) return;
  const fd = openPath(folder, Open.PATH | Open.DIRECTORY);
  if (fd >= 0) {
    const directory = adoptOpen(context, fd);
    close(fd);
    if (directory > 0) walkUntilWarm({ input, reply, nowhere, serve }, directory, context);
  }
  close(nowhere);
}

function walkUntilWarm(worker: Worker, directory: number, context: Context): void {
  for (let round = 0; round < ROUNDS; round++) {
    if (round >= ROUNDS - PAUSED_ROUNDS) pause(PAUSE_MS);
    walk(worker, directory);
  }
  context.inodes.forget(directory, 1);
  context.registers.predictsNewNames = false;
  context.requests.fill(0);
}

/** Lets the calling thread do nothing for a while: V8 compiles on threads of its own, and the next call takes the result over. */
export function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Looks at everything in a directory as a mount's first visitor does, then as the next one, and forgets it. */
function walk(worker: Worker, directory: number): void {
  const opened = send(worker, Opcode.OPENDIR, directory, OpenIn.bytes);
  // Where directories are not opened, any handle will do.
  const fd = opened < 0 ? 0 : worker.reply.words[OpenOut.fh]!;
  const entries = list(worker, Opcode.READDIRPLUS, directory, fd);
  for (const { name } of entries) send(worker, Opcode.LOOKUP, directory, 0, {}, name);
  for (const { name } of entries) send(worker, Opcode.LOOKUP, directory, 0, {}, name);
  for (const { nodeId } of entries) send(worker, Opcode.GETATTR, nodeId, GetattrIn.bytes);
  for (const { nodeId } of entries) send(worker, Opcode.FORGET, nodeId, ForgetIn.bytes, { [ForgetIn.nlookup]: 3 });
  list(worker, Opcode.READDIR, directory, fd);
  if (opened >= 0) send(worker, Opcode.RELEASEDIR, directory, ReleaseIn.bytes, { [ReleaseIn.fh]: fd });
}

/** The entries of a directory, in as many answers as it takes. READDIR's have no nodes; of READDIRPLUS's those without one are left out. */
function list(
  worker: Worker,
  opcode: keyof typeof LISTING_BYTES,
  directory: number,
  fd: number,
): { nodeId: number; name: Buffer }[] {
  const { words, bytes } = worker.reply;
  const hasNodes = opcode === Opcode.READDIRPLUS;
  const entries = [];
  for (let offsetLow = 0, offsetHigh = 0; ; ) {
    const length = send(worker, opcode, directory, ReadIn.bytes, {
      [ReadIn.fh]: fd,
      [ReadIn.offset]: offsetLow,
      [ReadIn.offset + 1]: offsetHigh,
      [ReadIn.size]: LISTING_BYTES[opcode],
    });
    if (length <= 0) return entries;
    for (let at = 0; at < length; ) {
      const nodeId = hasNodes ? words[at / 4 + EntryOut.nodeid]! : 0;
      if (hasNodes) at += EntryOut.bytes;
      const nameBytes = words[at / 4 + Dirent.namelen]!;
      const start = at + Dirent.nameByte;
      if (nodeId !== 0) entries.push({ nodeId, name: Buffer.from(bytes.subarray(start, start + nameBytes)) });
      offsetLow = words[at / 4 + Dirent.off]!;
      offsetHigh = words[at / 4 + Dirent.off + 1]!;
      at += direntBytes(nameBytes);
    }
  }
}

/** Serves one request: the result of `dispatch`. @param args values of its struct's words; the others are 0 */
function send(
  { input, nowhere, serve }: Worker,
  opcode: number,
  nodeId: number,
  argsBytes: number,
  args: Readonly<Record<number, number>> = {},
  name?: Buffer,
): number {
  let length = InHeader.bytes + argsBytes;
  input.words.fill(0, 0, length / 4);
  input.words[InHeader.opcode] = opcode;
  input.words[InHeader.nodeid] = nodeId;
  for (const word in args) input.words[InHeader.bytes / 4 + Number(word)] = args[word]!;
  if (name !== undefined) {
    length += name.copy(input.bytes, length);
    input.bytes[length++] = 0;
  }
  input.words[InHeader.len] = length;
  return serve(length, nowhere);
}

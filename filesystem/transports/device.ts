import { Errno, errnoName } from "../../linux/libc/errno.js";
import { close, openPath, read, write } from "../../linux/libc/files.js";
import { Open } from "../../linux/libc/flags.js";
import { cloneDevice } from "../../linux/libc/fuse-device.js";
import { Memory } from "../../linux/libc/memory.js";
import { argsBytesOf, dispatch } from "../operations/dispatch.js";
import { logReply, logRequest } from "../operations/log.js";
import { encodeOutHeader, InHeader, OutHeader } from "../protocol/header.js";
import { isAnswer, Reply, Request } from "../protocol/message.js";
import type { Context } from "../serving/context.js";
import { warmUp } from "./warm-up.js";

/** Room for the header, the operation's struct and a name or two beside `max_write` bytes of data. */
const HEADER_ROOM = 4096;

/**
 * An end of the connection for one worker alone; the given end, if the kernel can't clone it or this user may not open
 * the device (fusermount3 did).
 */
export function openEnd(connection: number): number {
  const device = openPath("/dev/fuse", Open.RDWR);
  if (device < 0) return connection;
  if (cloneDevice(device, connection) >= 0) return device;
  close(device);
  return connection;
}

/**
 * Serves an end of a connection over /dev/fuse until it ends: one read(2) takes a request, one write(2) answers it. Each worker has
 * an end of its own (`FUSE_DEV_IOC_CLONE`), on which the kernel expects the answers to requests that were read from it.
 *
 * @param ready is called before the first request is waited for
 */
export function serveDevice(device: number, context: Context, ready: () => void): void {
  const { maxWriteBytes, debug } = context.settings;
  const input = new Memory(maxWriteBytes + HEADER_ROOM);
  const output = new Memory(maxWriteBytes + HEADER_ROOM);
  const header = input.words.subarray(0, InHeader.bytes / 4);
  const request = new Request(header, input.words.subarray(InHeader.bytes / 4), input);
  // The kernel wants an answer on the end where the request was read; any thread may write it.
  request.ticket = { device };
  const reply = new Reply(output, OutHeader.bytes);
  /** Serves the request of `length` bytes in `input`, and sends the answer by an end of the connection: the result of `dispatch`. */
  const serve = (length: number, end: number): number => {
    const argsBytes = argsBytesOf(request.opcode, context.settings);
    request.argsBytes = length - InHeader.bytes;
    request.payloadStart = InHeader.bytes + argsBytes;
    request.extensionsEnd = length;
    request.payloadEnd = length - 8 * (header[InHeader.totalExtlen]! & 0xffff);
    if (debug) logRequest(request);
    const result = dispatch(request, reply, context);
    if (debug) logReply(request, result);
    if (isAnswer(result)) sendAnswer(end, output, header, result);
    return result;
  };
  warmUp(input, reply, context, serve);
  ready();
  for (;;) {
    const length = read(device, input.address, input.bytes.length);
    if (length < 0) {
      // ENOENT: the request was withdrawn before it was read. ENODEV: unmounted. ECONNABORTED: aborted through fusectl.
      if (length === -Errno.ENOENT || length === -Errno.EINTR || length === -Errno.EAGAIN) continue;
      if (length === -Errno.ENODEV || length === -Errno.ENOTCONN || length === -Errno.ECONNABORTED) return;
      throw new Error(`read /dev/fuse: ${errnoName(-length)}`);
    }
    if (length >= InHeader.bytes) serve(length, device);
  }
}

/** Sends what stands in `output` after room for a header: `result` bytes of body, or -errno. Any thread may. */
export function sendAnswer(device: number, output: Memory, inHeader: Uint32Array, result: number): void {
  encodeOutHeader(output.words, inHeader, result);
  const sent = write(device, output.address, output.words[OutHeader.len]!);
  // The connection was aborted: the read will say so too.
  if (sent < 0 && sent !== -Errno.ENOENT && sent !== -Errno.ENODEV) throw new Error(`write /dev/fuse: ${errnoName(-sent)}`);
}

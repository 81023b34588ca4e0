import { expect, test } from "vitest";
import { Request } from "../../../filesystem/protocol/message.js";
import { Errno } from "../../../linux/libc/errno.js";
import { Memory } from "../../../linux/libc/memory.js";

function named(payload: string): Request {
  const memory = Memory.string(payload);
  const request = new Request(memory.words, memory.words, memory);
  request.payloadEnd = payload.length;
  return request;
}

test.each([
  ["a name", "file\0", 0],
  ["a name that begins with dots", "..file\0", 0],
  ["a name of 255 bytes", `${"x".repeat(255)}\0`, 0],
  ["a name of 256 bytes", `${"x".repeat(256)}\0`, -Errno.ENAMETOOLONG],
  ["a name without an end", "file", -Errno.EINVAL],
  ["an empty name", "\0", -Errno.EINVAL],
  ["nothing at all", "", -Errno.EINVAL],
  ["a path", "a/b\0", -Errno.EINVAL],
  ["an absolute path", "/etc\0", -Errno.EINVAL],
  ["the directory itself", ".\0", -Errno.EINVAL],
  ["the parent", "..\0", -Errno.EINVAL],
])("%s", (_, payload, result) => {
  expect(named(payload).checkName()).toBe(result);
});

import { describe, expect, test } from "vitest";
import { ANSWERED_LATER, isAnswer, NO_REPLY, Reply, Request } from "../../../filesystem/protocol/message.js";
import { OPCODES, Opcode, opcodeName } from "../../../filesystem/protocol/opcodes.js";
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
  ["a hidden name", ".x\0", 0],
  ["a name of three dots", "...\0", 0],
  ["a name of two signs", "ab\0", 0],
  ["a name whose second sign is a dot", "x.\0", 0],
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

test("a name ends within its payload, whatever is behind", () => {
  const request = named("file\0");
  request.payloadEnd = 4;
  expect(request.checkName()).toBe(-Errno.EINVAL);
  expect(request.nameEnd(0)).toBe(-Errno.EINVAL);
  request.payloadEnd = 5;
  expect(request.nameEnd(0)).toBe(4);
});

describe("a request", () => {
  // struct fuse_in_header with another value in each field.
  const header = new Uint32Array([40, 15, 0x01020304, 0x05060708, 0x11, 0, 1000, 1001, 4242, 0]);
  const payload = new Memory(16);
  const request = new Request(header, new Uint32Array(4), payload);

  test("has the fields of its header", () => {
    expect(request).toMatchObject({ opcode: 15, nodeId: 0x11, uid: 1000, gid: 1001, pid: 4242 });
    expect(request.unique).toBe(0x0506070801020304n);
  });

  test("for a node id beyond 32 bits is one for a node that was never given out", () => {
    const beyond = new Request(header.with(5, 1), new Uint32Array(4), payload);
    expect(beyond.nodeId).toBe(0);
  });

  test("has its payload in place, and no way for a late answer until a transport gives it one", () => {
    request.payloadStart = 8;
    expect(request.dataAddress).toBe(payload.address + 8);
    expect(request.ticket).toEqual({ device: -1 });
  });
});

test("a reply may begin behind the front of its memory", () => {
  const memory = new Memory(64);
  const reply = new Reply(memory, 16);
  expect(reply).toMatchObject({ address: memory.address + 16, capacity: 48 });
  reply.words[0] = 0x01020304;
  reply.bytes[4] = 9;
  expect([...memory.bytes.subarray(16, 21)]).toEqual([4, 3, 2, 1, 9]);
  expect(new Reply(memory)).toMatchObject({ address: memory.address, capacity: 64 });
});

test.each([
  [0, true],
  [4096, true],
  [-Errno.EINVAL, true],
  [NO_REPLY, false],
  [ANSWERED_LATER, false],
])("a handler's result of %i is sent: %s", (result, isSent) => expect(isAnswer(result)).toBe(isSent));

test("opcodes have names, and one that this ABI does not have its number", () => {
  expect([opcodeName(Opcode.READ), opcodeName(1), opcodeName(77)]).toEqual(["READ", "LOOKUP", "opcode 77"]);
  expect(OPCODES).toBe(54);
});

import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { argsBytesOf, dispatch } from "../../../filesystem/operations/dispatch.js";
import { EntryOut } from "../../../filesystem/protocol/attributes.js";
import { InHeader } from "../../../filesystem/protocol/header.js";
import type { InitFlag } from "../../../filesystem/protocol/init.js";
import { Reply, Request } from "../../../filesystem/protocol/message.js";
import { Opcode } from "../../../filesystem/protocol/opcodes.js";
import type { Context } from "../../../filesystem/serving/context.js";
import { getxattr } from "../../../linux/libc/extended-attributes.js";
import { Memory } from "../../../linux/libc/memory.js";
import { contextOn, REPLY_BYTES } from "../context.js";
import { temporaryDirectory } from "../daemon.js";

/** Serves one message as a kernel would send it, without a mount: the result, and the first word of the answer. */
function serve(context: Context, opcode: number, nodeId: number, body: Buffer): [number, number] {
  const input = new Memory(4096);
  input.words[InHeader.len] = InHeader.bytes + body.length;
  input.words[InHeader.opcode] = opcode;
  input.words[InHeader.nodeid] = nodeId;
  body.copy(input.bytes, InHeader.bytes);
  const request = new Request(input.words.subarray(0, InHeader.bytes / 4), input.words.subarray(InHeader.bytes / 4), input);
  request.argsBytes = body.length;
  request.payloadStart = InHeader.bytes + argsBytesOf(opcode, context.settings);
  request.payloadEnd = InHeader.bytes + body.length;
  request.extensionsEnd = request.payloadEnd;
  const reply = new Reply(new Memory(REPLY_BYTES));
  return [dispatch(request, reply, context), reply.words[EntryOut.nodeid]!];
}

// struct fuse_setxattr_in: size 3, flags 0, and setxattr_flags and padding since ABI 7.33 where it was agreed on.
const layouts: [string, InitFlag[], string][] = [
  ["8 bytes before ABI 7.33", [], "0300000000000000"],
  ["16 bytes with SETXATTR_EXT", ["SETXATTR_EXT"], "03000000000000000000000000000000"],
];

test.each(layouts)("SETXATTR has a struct of %s", async (_, negotiated, struct) => {
  const source = temporaryDirectory();
  writeFileSync(join(source, "file"), "");
  const context = await contextOn(source, negotiated);
  const [found, nodeId] = serve(context, Opcode.LOOKUP, 1, Buffer.from("file\0"));
  expect(found).toBe(EntryOut.bytes);
  const body = Buffer.concat([Buffer.from(struct, "hex"), Buffer.from("user.name\0abc")]);
  expect(serve(context, Opcode.SETXATTR, nodeId, body)[0]).toBe(0);
  const value = new Memory(16);
  const [path, name] = [Memory.string(join(source, "file")), Memory.string("user.name")];
  expect(getxattr(path.address, name.address, value.address, 16)).toBe(3);
  expect(value.bytes.toString("latin1", 0, 3)).toBe("abc");
  context.inodes.closeAll();
  rmSync(source, { recursive: true });
});

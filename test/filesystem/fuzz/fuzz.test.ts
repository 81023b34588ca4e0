import { execFileSync } from "node:child_process";
import { rmdirSync } from "node:fs";
import { expect, test } from "vitest";
import { argsBytesOf, dispatch } from "../../../filesystem/operations/dispatch.js";
import { InHeader } from "../../../filesystem/protocol/header.js";
import { ANSWERED_LATER, NO_REPLY, Reply, Request } from "../../../filesystem/protocol/message.js";
import { opcodeName } from "../../../filesystem/protocol/opcodes.js";
import { Errno } from "../../../linux/libc/errno.js";
import { Memory } from "../../../linux/libc/memory.js";
import { canMount } from "../can-mount.js";
import { contextOn, REPLY_BYTES } from "../context.js";
import { temporaryDirectory } from "../daemon.js";
import { randomNumbers, writeMessage } from "./fuzzer.js";

/** `npm run fuzz` sets more. */
const MESSAGES = Number(process.env.FUZZ_MESSAGES ?? 100_000);
// The suite sends the same messages each time, so that a finding is a change's doing; the long run draws others.
const SEED = Number(process.env.FUZZ_SEED ?? (process.env.FUZZ_MESSAGES === undefined ? 1 : Date.now() % 2 ** 32));
const GUARD = 0x5a;

test.skipIf(!canMount)(
  `${MESSAGES} hostile messages get an answer each, from seed ${SEED}`,
  async () => {
    const source = temporaryDirectory();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=16m,nr_inodes=2000", "fuzz", source]);
    try {
      const context = await contextOn(source);
      const input = new Memory(65536);
      const output = new Memory(REPLY_BYTES + 64);
      const request = new Request(input.words.subarray(0, InHeader.bytes / 4), input.words.subarray(InHeader.bytes / 4), input);
      const reply = new Reply({ ...output, bytes: output.bytes.subarray(0, REPLY_BYTES) });
      const guard = output.bytes.subarray(REPLY_BYTES).fill(GUARD);
      const random = randomNumbers(SEED);
      const seen = new Set<string>();
      for (let count = 0; count < MESSAGES; count++) {
        const length = writeMessage(random, input.bytes, input.words);
        if (length < InHeader.bytes) continue;
        request.argsBytes = length - InHeader.bytes;
        request.payloadStart = InHeader.bytes + argsBytesOf(request.opcode, context.settings);
        request.extensionsEnd = length;
        request.payloadEnd = length - 8 * (request.header[InHeader.totalExtlen]! & 0xffff);
        const result = dispatch(request, reply, context);
        const answered = result === NO_REPLY || result === ANSWERED_LATER || (result > -4096 && result <= REPLY_BYTES);
        // EIO is the answer of a fault of ours: a tmpfs has none.
        if (!answered || result === -Errno.EIO) throw new Error(`message ${count}, ${opcodeName(request.opcode)}: ${result}`);
        // The kernel would release the files that it opened.
        if (count % 1000 === 0) context.openFiles.closeAll();
        if (result >= 0) seen.add(opcodeName(request.opcode));
      }
      expect(guard.every((byte) => byte === GUARD)).toBe(true);
      // The messages reach beyond the checks: most operations succeed for some.
      expect([...seen]).toEqual(expect.arrayContaining(["LOOKUP", "MKDIR", "OPEN", "CREATE", "READDIR", "SETATTR", "STATFS"]));
      context.openFiles.closeAll();
      context.inodes.closeAll();
    } finally {
      execFileSync("umount", ["-l", source]);
      rmdirSync(source);
    }
  },
  3_600_000,
);

import { readSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { negotiate, type Wishes } from "../../../filesystem/mount/negotiation.js";
import { close, write } from "../../../linux/libc/files.js";
import { bind } from "../../../linux/libc/libc.js";
import { Memory } from "../../../linux/libc/memory.js";

const socketpair = bind("int socketpair(int, int, int, uintptr_t)");
const AF_UNIX = 1;
const SOCK_SEQPACKET = 5;

/** An end for the daemon and one for a kernel that speaks another ABI: a message a read and a write, as on /dev/fuse. */
let ends: readonly [number, number] | undefined;
afterEach(() => {
  for (const end of ends ?? []) close(end);
  ends = undefined;
});

const wishes: Wishes = {
  passthrough: true,
  ioUring: false,
  writeback: false,
  cacheSymlinks: false,
  directMmap: false,
  maxBackground: 64,
  stackDepth: 1,
  maxReadaheadKiB: null,
  maxIoBytes: 1 << 20,
};

/** struct fuse_in_header with its length, INIT, unique 0x0102030405060708 and a caller; then a struct fuse_init_in. */
function init(body: string): Memory {
  const bytes = Buffer.from(body.replaceAll(" ", ""), "hex");
  const message = new Memory(40 + bytes.length);
  message.bytes.write("000000001a00000008070605040302010000000000000000000000000000000000000000", "hex");
  message.words[0] = message.bytes.length;
  bytes.copy(message.bytes, 40);
  return message;
}

function meet(...bodies: string[]): { agree: () => ReturnType<typeof negotiate>; answer: () => string } {
  const pair = new Memory(8);
  expect(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair.address)).toBe(0);
  const [kernel, daemon] = [pair.words[0]!, pair.words[1]!];
  ends = [kernel, daemon];
  for (const body of bodies) {
    const message = init(body);
    expect(write(kernel, message.address, message.bytes.length)).toBe(message.bytes.length);
  }
  const answer = () => {
    const room = Buffer.alloc(8192);
    return room.toString("hex", 0, readSync(kernel, room));
  };
  return { agree: () => negotiate(daemon, wishes), answer };
}

const ofToday = `07000000 2d000000 00000200 01000040 20000000 ${"00".repeat(44)}`;

describe("INIT of a kernel that speaks", () => {
  test("7.45 is agreed to, in 80 bytes", () => {
    const { agree, answer } = meet(ofToday);
    expect(agree()).toMatchObject({
      minor: 45,
      init: { flags: new Set(["ASYNC_READ", "INIT_EXT", "PASSTHROUGH"]), maxStackDepth: 1 },
    });
    expect(answer()).toBe(
      `5000000000000000 0807060504030201 07000000 2d000000 00000200 01000040 40003000 00001000 01000000 00000000 20000000 01000000 ${"00".repeat(24)}`.replaceAll(
        " ",
        "",
      ),
    );
  });

  test("a later minor is spoken to in ours", () => {
    expect(meet(ofToday.replace("2d", "63")).agree().minor).toBe(45);
  });

  test("7.35 says nothing of flags2: struct fuse_init_in had 16 bytes", () => {
    const { minor, init } = meet("07000000 23000000 00000200 010000c0").agree();
    expect(minor).toBe(35);
    expect(init.flags).toEqual(new Set(["ASYNC_READ", "INIT_EXT"]));
    expect(init.maxStackDepth).toBe(0);
  });

  test("7.23, the oldest with all of struct fuse_init_out, is agreed to", () => {
    expect(meet("07000000 17000000 00000200 01000000").agree().minor).toBe(23);
  });

  test.each([
    ["7.22", "07000000 16000000 00000200 01000000", /^this kernel speaks FUSE 7\.22$/],
    ["6.1", "06000000 01000000", /^this kernel speaks FUSE 6\.1$/],
  ])("%s is refused in one line, and told so", (_, body, line) => {
    const { agree, answer } = meet(body);
    expect(agree).toThrow(
      expect.objectContaining({ code: "FUSE_ABI_TOO_OLD", fault: "host", problem: expect.stringMatching(line) }),
    );
    // EPROTO
    expect(answer()).toBe("10000000b9ffffff0807060504030201");
  });

  test("8 is told 7.45, and asks again", () => {
    const { agree, answer } = meet("08000000 00000000 00000200 01000000", ofToday);
    expect(agree().minor).toBe(45);
    expect([answer(), answer()].map((each) => each.slice(32, 48))).toEqual(["070000002d000000", "070000002d000000"]);
  });
});

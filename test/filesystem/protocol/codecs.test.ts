import { describe, expect, test } from "vitest";
import { AttrOut, EntryOut, encodeAttrOut, encodeEntry } from "../../../filesystem/protocol/attributes.js";
import { direntBytes, direntplusBytes } from "../../../filesystem/protocol/directories.js";
import { encodeOpenOut, OpenOut } from "../../../filesystem/protocol/files.js";
import { encodeOutHeader, InHeader, OutHeader } from "../../../filesystem/protocol/header.js";
import { decodeInitIn, encodeInitOut, flagSet, flagWords, INIT_OUT_BYTES } from "../../../filesystem/protocol/init.js";
import { encodeStatfs, StatfsOut } from "../../../filesystem/protocol/statfs.js";
import { encodeStatxOut, StatxOut } from "../../../filesystem/protocol/statx.js";
import { readS64, readU64, writeU64 } from "../../../filesystem/protocol/words.js";

/** Words of a message that is written in hexadecimal, byte by byte as it goes over the wire. */
function wire(hex: string): Uint32Array {
  const bytes = Buffer.from(hex.replace(/\s/g, ""), "hex");
  return new Uint32Array(Uint8Array.from(bytes).buffer);
}

function hex(words: Uint32Array, byteLength: number): string {
  return Buffer.from(words.buffer, words.byteOffset, byteLength).toString("hex");
}

const golden = (text: string) => text.replace(/\s/g, "");

/** Memory with leftovers: words that a codec does not write show. */
const dirty = (bytes: number) => new Uint32Array(bytes / 4).fill(0xeeee_eeee);

/** A struct statx with another value in each field. */
const statx = wire(`
  ff070000 00100000 1111111111111111 03000000 e8030000 e9030000 a4810000
  8877665544332211 0100000020000000 0900000000000000 2222222222222222
  0110000001000000 04030201 00000000   a0a0a0a0a0a0a0a0 b0b0b0b0 00000000
  0210000002000000 08070605 00000000   0310000003000000 0c0b0a09 00000000
  01010000 02020000 fe000000 03000000
`);

/** The struct fuse_attr that it becomes. */
const attr = `
  8877665544332211 0100000020000000 0900000000000000
  0110000001000000 0310000003000000 0210000002000000
  04030201 0c0b0a09 08070605 a4810000 03000000 e8030000 e9030000 02012100 00100000 00000000
`;

describe("answers, byte by byte", () => {
  test("struct fuse_out_header of an answer with a body, and of an error", () => {
    const header = wire("28000000 0f000000 0102030405060708 1112131415161718 21222324 31323334 41424344 00000000");
    const out = dirty(16);
    encodeOutHeader(out, header, 0x1234);
    expect(hex(out, OutHeader.bytes)).toBe(golden("44120000 00000000 0102030405060708"));
    encodeOutHeader(out, header, -2);
    expect(hex(out, OutHeader.bytes)).toBe(golden("10000000 feffffff 0102030405060708"));
    expect(header.byteLength).toBe(InHeader.bytes);
  });

  test("struct fuse_attr_out", () => {
    const out = dirty(AttrOut.bytes);
    encodeAttrOut(out, { seconds: 7, nanoseconds: 0x0a0b0c0d }, statx);
    expect(hex(out, AttrOut.bytes)).toBe(golden(`0700000000000000 0d0c0b0a 00000000 ${attr}`));
  });

  test("struct fuse_entry_out", () => {
    const out = dirty(EntryOut.bytes);
    encodeEntry(out, 0, 0x01020304, 0x05060708, { seconds: 2, nanoseconds: 3 }, { seconds: 4, nanoseconds: 5 }, statx);
    expect(hex(out, EntryOut.bytes)).toBe(
      golden(`0403020100000000 0807060500000000 0200000000000000 0400000000000000 03000000 05000000 ${attr}`),
    );
  });

  test("struct fuse_entry_out of a name that does not exist", () => {
    const out = dirty(EntryOut.bytes);
    encodeEntry(out, 0, 0, 0, { seconds: 2, nanoseconds: 3 }, { seconds: 4, nanoseconds: 5 }, null);
    expect(hex(out, EntryOut.bytes)).toBe(
      golden(`${"00".repeat(16)} 0200000000000000 0400000000000000 03000000 05000000 ${"00".repeat(88)}`),
    );
  });

  test("struct fuse_open_out", () => {
    const out = dirty(OpenOut.bytes);
    encodeOpenOut(out, 0, 0x11, 0x22, 0x80, 0x33);
    expect(hex(out, OpenOut.bytes)).toBe(golden("11000000 22000000 80000000 33000000"));
  });

  test("struct fuse_kstatfs", () => {
    const statfs = wire(`
      53ef000000000000 0010000000000000 0102030405060708 1112131415161718 2122232425262728
      3132333435363738 4142434445464748 5152535455565758 ff00000000000000 0008000000000000 0000000000000000`);
    const out = dirty(StatfsOut.bytes);
    encodeStatfs(out, statfs);
    expect(hex(out, StatfsOut.bytes)).toBe(
      golden(`0102030405060708 1112131415161718 2122232425262728 3132333435363738 4142434445464748
              00100000 ff000000 00080000 00000000 ${"00".repeat(24)}`),
    );
  });
});

describe("at a word behind others, and before others", () => {
  const timeouts = [
    { seconds: 2, nanoseconds: 3 },
    { seconds: 4, nanoseconds: 5 },
  ] as const;
  const around = "eeeeeeee".repeat(2);

  test("struct fuse_entry_out, with attributes and without", () => {
    for (const attributes of [statx, null]) {
      const [alone, out] = [dirty(EntryOut.bytes), dirty(EntryOut.bytes + 16)];
      encodeEntry(alone, 0, 0x01020304, 0x05060708, ...timeouts, attributes);
      encodeEntry(out, 2, 0x01020304, 0x05060708, ...timeouts, attributes);
      expect(hex(out, EntryOut.bytes + 16)).toBe(`${around}${hex(alone, EntryOut.bytes)}${around}`);
    }
  });

  test("struct fuse_open_out", () => {
    const out = dirty(OpenOut.bytes + 16);
    encodeOpenOut(out, 2, 0x11, 0x22, 0x80, 0x33);
    expect(hex(out, OpenOut.bytes + 16)).toBe(`${around}${golden("11000000 22000000 80000000 33000000")}${around}`);
  });

  test("what is cleared ends with the struct", () => {
    const [statfs, init, statxOut] = [StatfsOut.bytes, INIT_OUT_BYTES, StatxOut.bytes].map((bytes) => dirty(bytes + 8)) as [
      Uint32Array,
      Uint32Array,
      Uint32Array,
    ];
    encodeStatfs(statfs, new Uint32Array(30));
    encodeStatxOut(statxOut, timeouts[0], statx);
    encodeInitOut(init, {
      maxReadahead: 0,
      flags: new Set(),
      maxBackground: 0,
      congestionThreshold: 0,
      maxWrite: 0,
      timeGranularity: 0,
      maxPages: 0,
      maxStackDepth: 0,
    });
    for (const out of [statfs, init, statxOut]) expect([...out.subarray(-3)]).toEqual([0, 0xeeee_eeee, 0xeeee_eeee]);
  });
});

test("struct fuse_statx_out: struct statx up to the device's number, the rest is zeros", () => {
  const out = dirty(StatxOut.bytes);
  const long = new Uint32Array(64).map((_, word) => 0x1000 + word);
  encodeStatxOut(out, { seconds: 7, nanoseconds: 0x0a0b0c0d }, long);
  expect([...out.subarray(0, 8)]).toEqual([7, 0, 0x0a0b0c0d, 0, 0, 0, 0, 0]);
  // stx_dev_minor is at byte 140: 36 words.
  expect([...out.subarray(8, 44)]).toEqual([...long.subarray(0, 36)]);
  expect([...out.subarray(44)]).toEqual(new Array(28).fill(0));
});

test.each([
  [1, 32],
  [8, 32],
  [9, 40],
  [255, 280],
])("an entry with a name of %i bytes takes %i, and 128 more with its attributes", (nameBytes, bytes) => {
  expect(direntBytes(nameBytes)).toBe(bytes);
  expect(direntplusBytes(nameBytes)).toBe(bytes + 128);
});

describe("INIT", () => {
  test("struct fuse_init_in of today has two words of flags", () => {
    const offer = decodeInitIn(wire(`07000000 2d000000 00000200 01000040 20020000 ${"00".repeat(44)}`), 64);
    expect(offer).toEqual({
      major: 7,
      minor: 45,
      maxReadahead: 131072,
      flags: new Set(["ASYNC_READ", "INIT_EXT", "PASSTHROUGH", "OVER_IO_URING"]),
    });
  });

  test("flags2 counts only with INIT_EXT, and only where it was sent", () => {
    expect(decodeInitIn(wire("07000000 2d000000 00000200 01000000 20000000"), 20).flags).toEqual(new Set(["ASYNC_READ"]));
    expect(decodeInitIn(wire("07000000 1f000000 00000200 01000040 20000000"), 16).flags).toEqual(
      new Set(["ASYNC_READ", "INIT_EXT"]),
    );
  });

  test("a message that is shorter says less: words behind its end are not read", () => {
    const message = wire("07000000 2d000000 00000200 01000040 20000000");
    expect(decodeInitIn(message, 20).flags).toEqual(new Set(["ASYNC_READ", "INIT_EXT", "PASSTHROUGH"]));
    expect(decodeInitIn(message, 16)).toMatchObject({ maxReadahead: 131072, flags: new Set(["ASYNC_READ", "INIT_EXT"]) });
    expect(decodeInitIn(message, 12)).toMatchObject({ maxReadahead: 131072, flags: new Set() });
    expect(decodeInitIn(message, 8)).toMatchObject({ major: 7, minor: 45, maxReadahead: 0, flags: new Set() });
  });

  test("bit 32 is the lowest of the second word", () => {
    expect(flagWords(["SECURITY_CTX"])).toEqual([0, 1]);
    expect(flagSet(0, 1)).toEqual(new Set(["SECURITY_CTX"]));
    expect(flagWords([])).toEqual([0, 0]);
  });

  test("struct fuse_init_out", () => {
    const out = dirty(INIT_OUT_BYTES);
    encodeInitOut(out, {
      maxReadahead: 0x01020304,
      flags: new Set(["ASYNC_READ", "INIT_EXT", "PASSTHROUGH"]),
      maxBackground: 0x0506,
      congestionThreshold: 0x0708,
      maxWrite: 0x090a0b0c,
      timeGranularity: 1,
      maxPages: 0x0d0e,
      maxStackDepth: 2,
    });
    expect(hex(out, INIT_OUT_BYTES)).toBe(
      golden(`07000000 2d000000 04030201 01000040 0605 0807 0c0b0a09 01000000 0e0d 0000 20000000 02000000 ${"00".repeat(24)}`),
    );
  });

  test("every flag keeps its bit", () => {
    expect(flagWords(["EXPORT_SUPPORT", "REQUEST_TIMEOUT"])).toEqual([1 << 4, 1 << 10]);
    expect(flagSet(...flagWords(["DO_READDIRPLUS", "ALLOW_IDMAP"]))).toEqual(new Set(["DO_READDIRPLUS", "ALLOW_IDMAP"]));
  });
});

describe("64-bit fields are exact", () => {
  test.each([
    ["0000000000000000", 0],
    ["ffffffff00000000", 2 ** 32 - 1],
    ["ffffffffffff1f00", 2 ** 53 - 1],
    ["0000000000002000", 1n << 53n],
    ["0100000000002000", (1n << 53n) + 1n],
    ["ffffffffffffffff", (1n << 64n) - 1n],
  ])("unsigned %s is %s", (bytes, value) => {
    expect(readU64(wire(bytes), 0)).toBe(value);
    const out = dirty(8);
    writeU64(out, 0, value);
    expect(hex(out, 8)).toBe(bytes);
  });

  test.each([
    ["ffffffffffffffff", -1],
    ["00000000ffffffff", -(2 ** 32)],
    ["000000000000e0ff", -(2 ** 53)],
    ["ffffffffffffdfff", -(1n << 53n) - 1n],
    ["0000000000000080", -(1n << 63n)],
    ["ffffffffffff1f00", 2 ** 53 - 1],
    ["0000000000002000", 1n << 53n],
    ["ffffffffffffff7f", (1n << 63n) - 1n],
  ])("signed %s is %s", (bytes, value) => {
    expect(readS64(wire(bytes), 0)).toBe(value);
    const out = dirty(8);
    writeU64(out, 0, value);
    expect(hex(out, 8)).toBe(bytes);
  });
});

import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { IoUring } from "../../linux/io-uring/io-uring.js";
import {
  IORING_OP_NOP,
  IORING_OP_READ,
  IORING_OP_WRITE,
  IOSQE_CQE_SKIP_SUCCESS,
  IOSQE_FIXED_FILE,
  IOSQE_IO_LINK,
  SQE,
} from "../../linux/io-uring/layout.js";
import { Memory } from "../../linux/libc/memory.js";

const { ECANCELED, EBADF } = constants.errno;
const directory = mkdtempSync(join(tmpdir(), "fusemeter-io-uring-"));
const content = Buffer.from(Array.from({ length: 8192 }, (_, index) => index % 251));
let ring: IoUring;
let memory: Memory;
let fd: number;

beforeEach(() => {
  ring = new IoUring(8);
  memory = new Memory(16384);
  writeFileSync(join(directory, "file"), content);
  fd = openSync(join(directory, "file"), "r+");
});
afterEach(() => {
  closeSync(fd);
  ring[Symbol.dispose]();
});
afterAll(() => rmSync(directory, { recursive: true }));

function transfer(opcode: number, flags: number, file: number, offset: number, length: number, userData: number): void {
  const at = ring.prepare(opcode, flags, file, userData);
  ring.submissions[at + SQE.offsetLow] = offset;
  ring.submissions[at + SQE.addressLow] = memory.address | 0;
  ring.submissions[at + SQE.addressHigh] = memory.address / 2 ** 32;
  ring.submissions[at + SQE.length] = length;
}

/** All that is ready, as [user data, result]. */
function completions(): number[][] {
  const all = Array.from({ length: ring.ready }, (_, index) => [ring.userData(index), ring.result(index)]);
  ring.seen(all.length);
  return all;
}

test("a submission comes back with its user data", () => {
  ring.prepare(IORING_OP_NOP, 0, -1, 77);
  expect(ring.enter(1)).toBe(1);
  expect(completions()).toEqual([[77, 0]]);
  expect(ring.ready).toBe(0);
});

test("the rings go round: more submissions than they have places", () => {
  for (let index = 0; index < 1000; index++) {
    ring.prepare(IORING_OP_NOP, 0, -1, index);
    ring.enter(1);
    expect(completions()).toEqual([[index, 0]]);
  }
});

test("one more submission than the ring has places is refused", () => {
  for (let index = 0; index < 8; index++) ring.prepare(IORING_OP_NOP, 0, -1, index);
  expect(() => ring.prepare(IORING_OP_NOP, 0, -1, 8)).toThrow(RangeError);
  expect(ring.enter(8)).toBe(8);
});

test("a read brings the file's bytes into memory", () => {
  transfer(IORING_OP_READ, 0, fd, 4096, 1000, 1);
  ring.enter(1);
  expect(completions()).toEqual([[1, 1000]]);
  expect(memory.bytes.subarray(0, 1000).equals(content.subarray(4096, 5096))).toBe(true);
});

test("offsets and addresses past 2^32 are exact", () => {
  ftruncateSync(fd, 2 ** 33);
  const at = ring.prepare(IORING_OP_WRITE, 0, fd, 1);
  ring.submissions.set([5, 1, memory.address | 0, memory.address / 2 ** 32, 3], at + SQE.offsetLow);
  memory.bytes.set([7, 8, 9]);
  ring.enter(1);
  completions();
  transfer(IORING_OP_READ, 0, fd, 0, 8, 2);
  ring.submissions[at + SQE.words + SQE.offsetHigh] = 1;
  ring.enter(1);
  expect(completions()).toEqual([[2, 8]]);
  expect([...memory.bytes.subarray(0, 8)]).toEqual([0, 0, 0, 0, 0, 7, 8, 9]);
});

const quiet = IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS;

test.each([
  ["a full read runs the rest of its link, and says nothing when told to skip success", quiet, 4096, [[2, 0]]],
  ["a full read runs the rest of its link", IOSQE_IO_LINK, 4096, [[1, 4096], [2, 0]]], // biome-ignore format: a table
  ["a short read cancels the rest of its link", IOSQE_IO_LINK, 16384, [[1, 8192], [2, -ECANCELED]]], // biome-ignore format: a table
  ["a short read told to skip success is the only completion of its link", quiet, 16384, [[1, 8192]]],
])("%s", (_, flags, length, expected) => {
  transfer(IORING_OP_READ, flags, fd, 0, length, 1);
  ring.prepare(IORING_OP_NOP, 0, -1, 2);
  expect(ring.enter(expected.length)).toBe(2);
  expect(completions()).toEqual(expected);
});

test("a read that can't be is the only completion of its link, and later submissions go on", () => {
  transfer(IORING_OP_READ, quiet, 9999, 0, 16, 1);
  ring.prepare(IORING_OP_NOP, 0, -1, 2);
  ring.prepare(IORING_OP_NOP, 0, -1, 3);
  expect(ring.enter(2)).toBe(3);
  expect(completions().sort()).toEqual([[1, -EBADF], [3, 0]]); // biome-ignore format: a table
});

test("a write linked to a read is read back", () => {
  memory.bytes.fill(0x5a, 0, 512);
  transfer(IORING_OP_WRITE, quiet, fd, 100, 512, 1);
  transfer(IORING_OP_READ, 0, fd, 99, 2, 2);
  ring.enter(1);
  expect(completions()).toEqual([[2, 2]]);
  expect([...readFileSync(join(directory, "file")).subarray(99, 102)]).toEqual([99, 0x5a, 0x5a]);
});

test("registered files", () => {
  ring.registerFiles([fd]);
  transfer(IORING_OP_READ, IOSQE_FIXED_FILE, 0, 4096, 4096, 1);
  ring.enter(1);
  expect(completions()).toEqual([[1, 4096]]);
  expect(memory.bytes.subarray(0, 4096).equals(content.subarray(4096))).toBe(true);
});

test("nothing is left behind: descriptors and mappings", () => {
  const mappings = () => readFileSync("/proc/self/maps", "utf8").match(/io_uring/g)?.length ?? 0;
  const before = mappings();
  for (let index = 0; index < 50; index++) new IoUring(8)[Symbol.dispose]();
  expect(mappings()).toBe(before);
});

import { expect, test } from "vitest";
import { ArrivalTable } from "../../../filesystem/tables/arrival.js";

const KIB = 1024;

function tableOf(...files: readonly (readonly [ino: bigint, sizeBytes: number])[]): ArrivalTable {
  return new ArrivalTable(
    ArrivalTable.create(files.map(([ino, sizeBytes]) => ({ ino, sizeBytes, mtimeSeconds: -2, mtimeNanoseconds: 7 }))),
  );
}

test("a file without a row is complete", () => {
  const table = tableOf([5n, 100]);
  expect(table.isComplete(6, 0)).toBe(true);
  expect(table.has(6, 0, 0, 1 << 20)).toBe(true);
  expect(table.isComplete(5, 0)).toBe(false);
});

test("a range is there once all of its blocks have arrived", () => {
  const table = tableOf([5n, 300 * KIB]);
  expect(table.add(5n, 128 * KIB, 256 * KIB)).toBe(false);
  expect(table.has(5, 0, 128 * KIB, 128 * KIB)).toBe(true);
  expect(table.has(5, 0, 128 * KIB, 128 * KIB + 1)).toBe(false);
  expect(table.has(5, 0, 128 * KIB - 1, 1)).toBe(false);
  expect(table.add(5n, 0, 128 * KIB)).toBe(false);
  expect(table.has(5, 0, 0, 256 * KIB)).toBe(true);
  expect(table.has(5, 0, 299 * KIB, KIB)).toBe(false);
});

test("a block counts when it lies in the range whole, the last one up to the end of the file", () => {
  const table = tableOf([5n, 10_000]);
  table.add(5n, 1, 8191);
  expect(table.has(5, 0, 4096, 1)).toBe(false);
  table.add(5n, 0, 8192);
  expect(table.has(5, 0, 0, 8192)).toBe(true);
  expect(table.add(5n, 8192, 9_999)).toBe(false);
  expect(table.add(5n, 8192, 10_000)).toBe(true);
  expect(table.isComplete(5, 0)).toBe(true);
});

test("a read beyond the end asks for the file's own blocks alone", () => {
  const table = tableOf([5n, 4096], [6n, 4096]);
  table.add(5n, 0, 4096);
  expect(table.has(5, 0, 0, 1 << 20)).toBe(true);
  expect(table.has(6, 0, 4096, 4096)).toBe(true);
  expect(table.has(6, 0, 4095, 4096)).toBe(false);
});

test("a range that arrives twice counts once", () => {
  const table = tableOf([5n, 64 * KIB]);
  expect(table.add(5n, 0, 32 * KIB)).toBe(false);
  expect(table.add(5n, 0, 32 * KIB)).toBe(false);
  expect(table.add(5n, 16 * KIB, 64 * KIB)).toBe(true);
  expect(table.add(5n, 0, 64 * KIB)).toBe(true);
});

test("inode numbers of 64 bits, and many files, are told apart", () => {
  const files = Array.from({ length: 2000 }, (_, index) => [BigInt(index + 1) << (index % 2 === 0 ? 0n : 33n), 4096] as const);
  const table = tableOf(...files);
  for (const [ino] of files.filter((_, index) => index % 3 === 0)) expect(table.add(ino, 0, 4096)).toBe(true);
  const complete = files.map(([ino]) => table.isComplete(Number(ino & 0xffff_ffffn), Number(ino >> 32n)));
  expect(complete).toEqual(files.map((_, index) => index % 3 === 0));
});

test("the time of change of a file with a row is told", () => {
  const words = new Uint32Array(4).fill(9);
  const table = tableOf([5n, 1]);
  table.copyTime(6, 0, words, 1);
  expect([...words]).toEqual([9, 9, 9, 9]);
  table.copyTime(5, 0, words, 1);
  expect([...words]).toEqual([9, 0xffff_fffe, 0xffff_ffff, 7]);
});

test("one inode can't have two rows", () => {
  expect(() => tableOf([5n, 1], [5n, 1])).toThrow("two files");
});

import { expect, test } from "vitest";
import { InodeTable } from "../../../filesystem/tables/inodes.js";
import { dup } from "../../../linux/libc/files.js";
import { Statx } from "../../../linux/libc/statx.js";
import { contextOn } from "../context.js";
import { directoryOfTest } from "../daemon.js";

test("a listing that was just begun is young, also within the same millisecond", async () => {
  const { inodes } = await contextOn(directoryOfTest());
  const statx = new Uint32Array(Statx.bytes / 4);
  for (let ino = 1; ino <= 50; ino++) {
    statx[Statx.ino] = ino;
    const nodeId = inodes.insert(dup(0), statx, null);
    expect(inodes.hasListingOf(nodeId, 60_000)).toBe(false);
    expect(inodes.hasListingOf(nodeId, 60_000)).toBe(true);
    inodes.forget(nodeId, 1);
  }
});

test("inodes are told apart by every part of (device, inode number)", async () => {
  const { inodes } = await contextOn(directoryOfTest());
  // Differences that fall into the same bucket, the same page of buckets, and others.
  const parts = [0, 1, 2 ** 10, 2 ** 21, 2 ** 31];
  const files = parts.flatMap((low) => [0, 1, 2 ** 21].flatMap((high) => [1, 2, 256].map((minor) => ({ low, high, minor }))));
  const statxOf = ({ low, high, minor }: (typeof files)[number]) => {
    const statx = new Uint32Array(Statx.bytes / 4);
    [statx[Statx.ino], statx[Statx.ino + 1], statx[Statx.devMinor]] = [low, high, minor];
    return statx;
  };
  const nodes = files.map((file) => inodes.insert(dup(0), statxOf(file), null));
  expect(new Set(nodes).size).toBe(files.length);
  expect(files.map((file) => inodes.nodeOf(statxOf(file)))).toEqual(nodes);
  for (const nodeId of nodes) inodes.forget(nodeId, 1);
  expect(files.map((file) => inodes.nodeOf(statxOf(file)))).toEqual(files.map(() => 0));
});

test.each([
  ["forget", (inodes: InodeTable, nodeId: number) => inodes.forget(nodeId, Symbol("no count") as never)],
  ["withOpens", (inodes: InodeTable, nodeId: number) => inodes.withOpens(nodeId, () => fail())],
  ["insert", (inodes: InodeTable) => inodes.insert(dup(0), someStatx(2), BigUint64Array.of(1n) as never)],
])("an exception in %s leaves the table's lock free", (_, operation) => {
  // No budget: a node that is inserted beside the root gets its handle.
  const memory = InodeTable.create(dup(0), someStatx(1), 0);
  const inodes = new InodeTable(memory);
  const nodeId = inodes.insert(dup(0), someStatx(3), null);
  expect(() => operation(inodes, nodeId)).toThrow();
  const [lock] = new Int32Array(memory);
  expect(lock).toBe(0);
});

function someStatx(ino: number): Uint32Array {
  const statx = new Uint32Array(Statx.bytes / 4);
  statx[Statx.ino] = ino;
  return statx;
}

function fail(): never {
  throw new Error("a decision that fails");
}

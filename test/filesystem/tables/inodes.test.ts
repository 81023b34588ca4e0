import { expect, test } from "vitest";
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

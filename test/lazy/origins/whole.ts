import { lstatSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { FileEntry, Manifest } from "../../../lazy/manifest/index.js";
import type { Origin } from "../../../lazy/origins/index.js";

const never = new AbortController().signal;

export const filesOf = ({ entries }: Manifest) => entries.filter((entry): entry is FileEntry => entry.type === "file");

/** Fetches every chunk, a few at once, in the order given, and checks each file against the tree that the manifest was made of. */
export async function expectWhole(
  manifest: Manifest,
  origin: Origin,
  tree: string,
  order = manifest.chunks,
  atOnce = 16,
): Promise<void> {
  const fetched = new Map<number, Uint8Array>();
  const left = [...order];
  const worker = async () => {
    for (let chunk = left.shift(); chunk !== undefined; chunk = left.shift()) {
      fetched.set(chunk.number, await origin.fetch(chunk, never));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  for (const file of filesOf(manifest)) {
    const content = Buffer.concat(file.chunks.map(({ number }) => fetched.get(number)!));
    expect(content.equals(readFileSync(join(tree, file.path))), file.path).toBe(true);
  }
}

/** Checks the entries of a manifest against the tree that it was made of. */
export function expectTree(manifest: Manifest, tree: string, { nanoseconds = true } = {}): void {
  for (const entry of manifest.entries) {
    const stat = lstatSync(join(tree, entry.path), { bigint: true });
    if (entry.type === "hardlink") {
      expect(lstatSync(join(tree, entry.target), { bigint: true }).ino).toBe(stat.ino);
      continue;
    }
    expect(entry, entry.path).toMatchObject({ mode: Number(stat.mode & 0o7777n), uid: Number(stat.uid), gid: Number(stat.gid) });
    const time = BigInt(entry.mtimeSeconds) * 1_000_000_000n + BigInt(entry.mtimeNanoseconds);
    if (nanoseconds) expect(time).toBe(stat.mtimeNs);
    else
      expect(BigInt(entry.mtimeSeconds), entry.path).toBe(
        stat.mtimeNs < 0n ? (stat.mtimeNs - 999_999_999n) / 1_000_000_000n : stat.mtimeNs / 1_000_000_000n,
      );
    if (entry.type === "symlink") expect(entry.target).toBe(readlinkSync(join(tree, entry.path)));
    if (entry.type === "file") expect(BigInt(entry.size)).toBe(stat.size);
  }
}

import { z } from "zod";
import type { ReadaheadSetting } from "./readahead-setting.js";

/** The place of a file's data before the load starts: docs/glossary.md, "cache state". */
export const cacheState = z.enum(["cold", "warm", "hot"]);
export type CacheState = z.infer<typeof cacheState>;

/** The operations of a cell, whoever serves them and however readahead is set. */
export interface Reads {
  readonly workload: string;
  readonly ioSizeBytes: number;
  readonly cache: CacheState;
}

/** The coordinates of one cell of the grid. */
export interface CellKey extends Reads {
  readonly backend: string;
  readonly readahead?: ReadaheadSetting | undefined;
}

/** A cell's coordinates as a string. Two cells with the same string are the same cell. */
export function cellKey({ backend, readahead, ...reads }: CellKey): string {
  const setting = readahead && [readahead.mountKiB, readahead.initKiB, readahead.deviceKiB, readahead.access, readahead.advice];
  return JSON.stringify([backend, readsKey(reads), setting ?? null]);
}

/** A cell without its backend and its readahead, as baselines name it: `rnd-rd-1th-1f 4096 warm`. */
export function readsKey({ workload, ioSizeBytes, cache }: Reads): string {
  return `${workload} ${ioSizeBytes} ${cache}`;
}

/** A cell with its backend and without its readahead, as baselines name it: `fuse rnd-rd-1th-1f 4096 warm`. */
export function servedReadsKey(key: Reads & { readonly backend: string }): string {
  return `${key.backend} ${readsKey(key)}`;
}

export function isSameCell(a: CellKey, b: CellKey): boolean {
  return cellKey(a) === cellKey(b);
}

/** The same operations of another backend, or with readahead set otherwise. */
export function isSameReads(a: Reads, b: Reads): boolean {
  return readsKey(a) === readsKey(b);
}

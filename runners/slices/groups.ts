import { type CacheState, type CellKey, readsKey } from "../../results/index.js";

/** Cells that take turns: the same reads, with one window of the block device. They differ in backend and in the mount's readahead. */
export interface SliceGroup {
  readonly workload: string;
  readonly ioSizeBytes: number;
  readonly cache: CacheState;
  /** The window of the block device while they take turns; null leaves it as it is. */
  readonly deviceKiB: number | null;
  readonly keys: readonly CellKey[];
}

/** The groups of some cells. A cell without another to compare it with takes its turns alone. */
export function groupsOf(keys: readonly CellKey[]): SliceGroup[] {
  const groups = new Map<string, SliceGroup & { readonly keys: CellKey[] }>();
  for (const key of keys) {
    const { workload, ioSizeBytes, cache, readahead } = key;
    const deviceKiB = readahead?.deviceKiB ?? null;
    const name = `${readsKey(key)} ${deviceKiB}`;
    const group = groups.get(name) ?? { workload, ioSizeBytes, cache, deviceKiB, keys: [] };
    group.keys.push(key);
    groups.set(name, group);
  }
  return [...groups.values()];
}

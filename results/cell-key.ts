import type { CacheState, ReadaheadSetting } from "./schema.js";

/** The coordinates of one cell of the grid. */
export interface CellKey {
  readonly backend: string;
  readonly workload: string;
  readonly ioSizeBytes: number;
  readonly cache: CacheState;
  readonly readahead?: ReadaheadSetting | undefined;
}

export {
  type BackendRecord,
  type BackendRole,
  type BackendTraits,
  backendRecord,
  hasMountWindow,
  isServed,
  traitsOf,
} from "./backend-record.js";
export {
  type CacheState,
  type CellKey,
  cacheState,
  cellKey,
  isSameCell,
  isSameReads,
  type Reads,
  readsKey,
  servedReadsKey,
} from "./cell-key.js";
export { AS_FOUND, isAsFound, type ReadaheadSetting, readaheadSetting } from "./readahead-setting.js";

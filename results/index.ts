export { type BaselineCell, type BaselineEntry, entriesBefore, readBaseline, saveEntry } from "./baseline.js";
export type { Calibration, RoundTrip, UnitName } from "./calibration.js";
export type { CellKey } from "./cell-key.js";
export { type Evidence, type Storm, type StudyName, studyNames, type Trial } from "./evidence.js";
export { appendHistory, HISTORY_SCHEMA, type HistoryLine, readHistory } from "./history.js";
export {
  type BackendRecord,
  type CacheState,
  type Cell,
  type CountedSample,
  cacheState,
  type Host,
  type ReadaheadSetting,
  type Run,
  type RunRequest,
  SCHEMA,
  type Tally,
  type TimedSample,
} from "./schema.js";
export { readRun, writeRun } from "./store.js";
export { writeWhole } from "./write-whole.js";

export { type BaselineCell, type BaselineEntry, entriesBefore, readBaseline, saveEntry } from "./baseline.js";
export type { Calibration, RoundTrip, UnitName } from "./calibration.js";
export {
  AS_FOUND,
  type BackendRecord,
  type BackendRole,
  type BackendTraits,
  type CacheState,
  type CellKey,
  cacheState,
  cellKey,
  hasMountWindow,
  isAsFound,
  isSameCell,
  isSameReads,
  isServed,
  type ReadaheadSetting,
  type Reads,
  readsKey,
  servedReadsKey,
  traitsOf,
} from "./cells/index.js";
export type { Evidence, Storm, Trial } from "./evidence.js";
export {
  type CountedFigures,
  type CountedSample,
  type Counts,
  type CountsByName,
  type FigureKey,
  type FigureRow,
  type Figures,
  type FiguresOfRun,
  figureKeys,
  figuresIn,
  isByName,
  isNumber,
  isReadIn,
  type LatencyNs,
  type Party,
  type PartyCount,
  type PartyFigure,
  parties,
  partyFigures,
  type RunKind,
  rowOf,
  type SampleFrame,
  type StartupFigure,
  type SystemCount,
  type SystemFigure,
  startupFigures,
  type TimedFigures,
  type TimedSample,
  type ValueOf,
} from "./figures/index.js";
export { appendHistory, HISTORY_SCHEMA, type HistoryLine, readHistory } from "./history.js";
export { blocksOf } from "./planned-blocks.js";
export { type Cell, cellOf, emptyCell, findCell, type Run } from "./run.js";
export { type Host, type RunRequest, SCHEMA, type SliceRequest } from "./schema.js";
export {
  isUseful,
  type PlacedSlices,
  type Placement,
  placements,
  type SliceRound,
  type TakenRound,
} from "./slices/index.js";
export { readRun, writeRun } from "./store.js";
export { writeWhole } from "./write-whole.js";

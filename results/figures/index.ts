export { type FigureKey, type FigureRow, type Party, parties, type RunKind } from "./registry.js";
export type { CountedFigures, CountedSample, LatencyNs, SampleFrame, TimedFigures, TimedSample } from "./samples.js";
export {
  type Counts,
  type CountsByName,
  type Figures,
  type FiguresOfRun,
  figureKeys,
  figuresIn,
  isByName,
  isNumber,
  isReadIn,
  type PartyCount,
  type PartyFigure,
  partyFigures,
  rowOf,
  type StartupFigure,
  type SystemCount,
  type SystemFigure,
  startupFigures,
  type ValueOf,
} from "./values.js";

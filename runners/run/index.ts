export { newRun, runId } from "./new-run.js";
export { type PreparedRun, prepareRun } from "./prepare.js";
export { type Profile, profiles } from "./profiles.js";
export type { Progress } from "./progress.js";
export { measureInRounds } from "./rounds.js";
export { continueRun } from "./run.js";
export type { SliceSetting, SlicesToCome } from "./slice-rounds.js";

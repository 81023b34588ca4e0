/** fio(1) as a typed function: a job in, its figures out. A library of its own: `fusemeter/fio`. */
export { FusemeterError } from "../../../errors.js";
export type { FioJob } from "./job.js";
export { renderJob } from "./job.js";
export type { FioResult } from "./output.js";
export { parseOutput } from "./output.js";
export { type RunOptions, runFio } from "./run.js";
export { fioVersion } from "./version.js";

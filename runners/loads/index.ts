export { type FioResult, fioVersion, runFio } from "./fio/index.js";
export { type OperationStorm, renamed, storms } from "./storms.js";

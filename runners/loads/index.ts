export { type FioResult, fioVersion, runFio } from "./fio/index.js";

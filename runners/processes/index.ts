export { shellQuoted } from "./shell-quoted.js";
export { startStopped } from "./stopped-process.js";

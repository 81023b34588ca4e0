export { startStopped } from "./stopped-process.js";

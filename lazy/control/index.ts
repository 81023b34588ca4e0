export { lazyStatus, pastReads, promoteBy, storeOf, storeOfSource, watchStatus } from "./client.js";
export type { LazyStatus } from "./messages.js";
export { ControlServer } from "./server.js";

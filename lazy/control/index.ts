export { lazyStatus, pastReads, promoteBy, storeOf, watchStatus } from "./client.js";
export type { LazyStatus } from "./messages.js";
export { ControlServer } from "./server.js";

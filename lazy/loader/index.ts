export { Loader, type LoaderOptions, type LoaderStatus } from "./loader.js";
export { prefetchOrder } from "./prefetch.js";
export { TraceRecorder } from "./trace.js";
export type { PastRead } from "./wait.js";

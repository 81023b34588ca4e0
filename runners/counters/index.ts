export { attachCounters, type CounterSet } from "./process-counters.js";
export { countRequests } from "./request-counters.js";

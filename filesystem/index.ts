export { FusemeterError } from "../errors.js";
export { type Mount, mount } from "./mount/mount.js";
export type { MountOptions } from "./mount/options.js";
export { readStatus } from "./mount/status.js";
export type { Arrivals, MissingRead } from "./serving/arrival.js";
export type { Decision, Opening, OpeningCaller, Policy, SourceFile, Transform } from "./serving/policy.js";
export type { BackingFile, MountStatus } from "./serving/status.js";
export { ArrivalTable, type ArrivingFile } from "./tables/arrival.js";

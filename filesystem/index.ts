export { type Mount, mount } from "./mount/mount.js";
export type { MountOptions } from "./mount/options.js";
export { type BackingFile, type MountStatus, readStatus } from "./mount/status.js";
export type { Decision, Opening, OpeningCaller, Policy, SourceFile, Transform } from "./serving/policy.js";

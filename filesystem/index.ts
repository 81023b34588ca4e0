export { FusemeterError } from "../errors.js";
export type { MountOptions } from "./options.js";
export type { Decision, Opening, OpeningCaller, Policy, SourceFile, Transform } from "./policies/policy.js";
export { type Mount, mount } from "./session.js";
export { type BackingFile, type MountStatus, readStatus } from "./status.js";

export type { Check } from "./check.js";
export { checkHost } from "./checks.js";
export { hostFacts } from "./facts.js";

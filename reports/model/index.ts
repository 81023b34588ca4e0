export { unitTable } from "./unit-costs.js";

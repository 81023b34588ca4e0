export { takeRound } from "./take-round.js";

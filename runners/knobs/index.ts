export { restoreAbandonedKnobs } from "./notes.js";

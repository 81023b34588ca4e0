export { markdown, terminal } from "./table.js";

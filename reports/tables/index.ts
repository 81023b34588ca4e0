export { type FigureName, figures, resultsGrid } from "./results-table.js";
export { markdown, terminal } from "./table.js";

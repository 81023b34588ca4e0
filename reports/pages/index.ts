export { claimsPage, claimsSummary } from "./claims-page.js";
export { cellRecords, cellsCsv } from "./csv.js";
export { markdownPage, markdownReport } from "./markdown.js";
export { pricePage } from "./price-page.js";
export { priceSummary } from "./price-summary.js";
export { terminalSummary } from "./terminal-summary.js";
export { writePage, writeReports } from "./write-reports.js";

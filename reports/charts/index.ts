export type { ReportChart } from "./chart.js";
export { seriesColours } from "./colours.js";
export { loadRenderPng } from "./load-png.js";
export { trendChart } from "./trend.js";

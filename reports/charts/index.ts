export { loadRenderPng } from "./load-png.js";
export { trendChart } from "./trend.js";

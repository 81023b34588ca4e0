export { trendChart } from "./trend.js";

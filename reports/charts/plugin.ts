import type { Plugin } from "chart.js";
import { drawMarks } from "./marks.js";
import { keepRoundTicks } from "./round-ticks.js";

/** What our charts need besides Chart.js. */
export const plugin: Plugin = { id: "fusemeter", beforeInit: keepRoundTicks, afterDatasetsDraw: drawMarks };

/** The same as JavaScript, for a page. */
export const pluginSource = `({ id: "fusemeter", beforeInit: ${keepRoundTicks.toString()}, afterDatasetsDraw: ${drawMarks.toString()} })`;

import type { Plugin } from "chart.js";
import { drawAnnotations } from "./annotations.js";
import { keepRoundTicks } from "./round-ticks.js";

/** The parts of our charts that Chart.js does not have. */
export const plugin: Plugin = { id: "fusemeter", beforeInit: keepRoundTicks, afterDatasetsDraw: drawAnnotations };

/** The same as JavaScript, for a page. */
export const pluginSource = `({ id: "fusemeter", beforeInit: ${keepRoundTicks.toString()}, afterDatasetsDraw: ${drawAnnotations.toString()} })`;

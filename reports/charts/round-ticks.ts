import type { Chart, LogarithmicScaleOptions } from "chart.js";

/**
 * Leaves only the ticks 1, 2 and 5 of each decade on a logarithmic axis, or only 1 where there are many decades: Chart.js
 * labels all of the last decade, whose labels then overlap. The report in HTML carries this function by its text, so it uses
 * nothing from outside itself.
 */
export function keepRoundTicks(chart: Chart): void {
  const y = chart.config.options?.scales?.y;
  if (y?.type !== "logarithmic") return;
  (y as unknown as LogarithmicScaleOptions).afterBuildTicks = (scale) => {
    const decades = Math.log10(scale.max / scale.min);
    const kept = decades > 4 ? [1] : [1, 2, 5];
    scale.ticks = scale.ticks.filter(({ value }) => kept.includes(Number(value.toExponential(4).split("e")[0])));
  };
}

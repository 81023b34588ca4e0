import type { ComparisonRow } from "../figures/comparison.js";
import { type Figure, isMissing } from "../figures/per-operation.js";
import type { SlotAnnotations } from "./annotations.js";
import { type ChartConfig, groupedConfig } from "./chart.js";
import { pairColours } from "./colours.js";

/** A cost of one operation, by party. */
interface ByParty {
  readonly application: Figure;
  readonly daemon: Figure;
}

const known = (figure: Figure) => (isMissing(figure) ? null : figure);
const height = ({ application, daemon }: ByParty) => (known(application) ?? 0) + (known(daemon) ?? 0);

/** The daemon's figure above the application's; native has no daemon. */
function annotationsOf(row: ComparisonRow, figures: ByParty, format: (value: number) => string): SlotAnnotations {
  const text = (figure: Figure) => (isMissing(figure) ? "n/a" : format(figure));
  const application = text(figures.application);
  const lines =
    row.kind === "native" || (isMissing(figures.application) && isMissing(figures.daemon))
      ? [application]
      : [text(figures.daemon), `+ ${application}`];
  return { whisker: null, above: { lines, value: height(figures) }, below: null };
}

/**
 * A bar for each backend: the daemon's part of a cost on the application's.
 *
 * @param leastTop the axis reaches this value, also where every bar is lower
 */
export function stackedParties(
  rows: readonly ComparisonRow[],
  figuresOf: (row: ComparisonRow) => ByParty,
  {
    yTitle,
    format,
    leastTop,
  }: { readonly yTitle: string; readonly format: (value: number) => string; readonly leastTop: number },
): ChartConfig {
  const figures = rows.map(figuresOf);
  const highest = Math.max(leastTop, ...figures.map(height));
  const bars = (party: keyof ByParty, backgroundColor: string) => ({
    label: party,
    data: figures.map((byParty) => known(byParty[party])),
    backgroundColor,
    maxBarThickness: 72,
  });
  return groupedConfig({
    type: "bar",
    rows,
    isStacked: true,
    datasets: [bars("application", pairColours.first), bars("daemon", pairColours.second)],
    annotations: { slots: rows.map((row, index) => annotationsOf(row, figures[index]!, format)), line: null, gapPixels: 5 },
    yTitle,
    yScale: { min: 0, suggestedMax: highest * 1.18 },
  });
}

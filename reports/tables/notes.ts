import type { Comparison, ComparisonRow } from "../figures/comparison.js";
import { type CostCount, costCounts } from "../figures/costs.js";
import { formatCell, formatMeasured } from "../figures/formats.js";
import { isMissing } from "../figures/per-operation.js";
import { cellRows } from "../figures/placed-rows.js";
import { shortfalls } from "../figures/precision.js";
import { countedIn } from "../figures/samples.js";
import { roundsIn } from "../figures/slices.js";

/** The startup overhead of our daemon was seen to vary by 27 calls from run to run: over this many operations that is 0.05 for each. */
const FEW_OPERATIONS = 500;

/** The first few samples by name, and the number of the others. */
function placesText(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

/** Lines that repeat become one, with the samples that they are about. */
function gather(seen: readonly { readonly text: string; readonly place: string }[]): string[] {
  const placesOf = new Map<string, string[]>();
  for (const { text, place } of seen) placesOf.set(text, [...(placesOf.get(text) ?? []), place]);
  return [...placesOf].map(([text, names]) => `${text} (${placesText([...new Set(names)])})`);
}

const cellName = (row: ComparisonRow) => `${row.backend} ${formatCell(row)}`;

function samplesOf(row: ComparisonRow) {
  return [
    ...row.cell.samples.map((sample) => ({ sample, place: `${cellName(row)}, block ${sample.block + 1}` })),
    ...row.cell.counts.map((sample) => ({ sample, place: `${cellName(row)}, counted in block ${sample.block + 1}` })),
  ];
}

/** The rounds of slices that failed in a row's placement. */
function failedRounds(row: ComparisonRow) {
  const { placement, cell } = row;
  if (placement === null) return [];
  return roundsIn(cell, placement).flatMap((round) =>
    round.ok ? [] : [{ text: round.failure, place: `${cellName(row)}, ${placement}, round ${round.round + 1}` }],
  );
}

/** Failures: backends that this host could not run, samples, and rounds of slices. */
export function failures({ run, rows }: Comparison): string[] {
  const backends = run.backends.flatMap(({ name, unavailable }) =>
    unavailable === null ? [] : [`${name} was left out: ${unavailable}`],
  );
  const samples = cellRows(rows).flatMap((row) =>
    samplesOf(row).flatMap(({ sample, place }) => (sample.ok ? [] : [{ text: sample.failure, place }])),
  );
  return [...backends, ...gather([...samples, ...rows.flatMap(failedRounds)])];
}

/** Warnings of the samples, ratios that are less precise than was asked for, and outliers. */
export function warnings({ run, rows }: Comparison): string[] {
  const unfinished = run.complete ? [] : ["the run was stopped before its end: n says how many blocks each cell has"];
  const samples = cellRows(rows).flatMap((row) =>
    samplesOf(row).flatMap(({ sample, place }) => sample.warnings.map((text) => ({ text, place }))),
  );
  const outlying = rows.flatMap((row) =>
    row.outliers.map(({ block, value }) => {
      const middle = formatMeasured(row.operationsPerSecond!.median);
      return `outlier, kept in every figure: ${cellName(row)}, block ${block + 1}: ${formatMeasured(value)} ops/s, the median is ${middle}`;
    }),
  );
  const few = cellRows(rows).flatMap((row) =>
    countedIn(row.cell).flatMap(({ figures }) =>
      figures.operations >= FEW_OPERATIONS
        ? []
        : [
            {
              text: `counts rest on fewer than ${FEW_OPERATIONS} operations: the variation of the startup overhead shows in them`,
              place: cellName(row),
            },
          ],
    ),
  );
  return [...unfinished, ...shortfalls(run), ...gather(samples), ...gather(few), ...outlying];
}

const countLabels = Object.entries(costCounts).map(([key, { label }]) => [key, label]);
const costLabels = { ...(Object.fromEntries(countLabels) as Record<CostCount, string>), cpuUs: "CPU time" };

/** The reasons of missing figures. */
export function missingNotes({ rows }: Comparison): string[] {
  const missing = cellRows(rows).flatMap((row) =>
    Object.entries(costLabels).flatMap(([key, label]) => {
      const figure = row.costs[key as keyof typeof costLabels];
      return isMissing(figure) && figure.applies ? [{ text: `n/a: ${label}: ${figure.reason}`, place: cellName(row) }] : [];
    }),
  );
  return gather(missing);
}

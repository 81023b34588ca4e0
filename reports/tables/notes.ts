import type { Comparison, ComparisonRow } from "../figures/comparison.js";
import { type CostCount, costCounts } from "../figures/costs.js";
import { formatCell, formatFactor, formatMeasured } from "../figures/formats.js";
import { isMissing } from "../figures/per-operation.js";
import { countedIn } from "../figures/samples.js";

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

/** Failures: backends that this host could not run, and samples. */
export function failures({ run, rows }: Comparison): string[] {
  const backends = run.backends.flatMap(({ name, unavailable }) =>
    unavailable === null ? [] : [`${name} was left out: ${unavailable}`],
  );
  const samples = rows.flatMap((row) =>
    samplesOf(row).flatMap(({ sample, place }) => (sample.ok ? [] : [{ text: sample.failure, place }])),
  );
  return [...backends, ...gather(samples)];
}

/** Warnings of the samples, and their outliers. */
export function warnings({ run, rows }: Comparison): string[] {
  const unfinished = run.complete ? [] : ["the run was stopped before its end: n says how many blocks each cell has"];
  const samples = rows.flatMap((row) =>
    samplesOf(row).flatMap(({ sample, place }) => sample.warnings.map((text) => ({ text, place }))),
  );
  const outlying = rows.flatMap((row) =>
    row.outliers.map(({ block, value }) => {
      const middle = formatMeasured(row.operationsPerSecond!.median);
      return `outlier, kept in every figure: ${cellName(row)}, block ${block + 1}: ${formatMeasured(value)} ops/s, the median is ${middle}`;
    }),
  );
  const few = rows.flatMap((row) =>
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
  return [...unfinished, ...gather(samples), ...gather(few), ...outlying];
}

/** The method and the coverage of this run's intervals, in one line; the samples of its cells may differ in number. */
export function intervalNote({ rows }: Comparison): string {
  const ratios = rows.flatMap(({ relativeThroughput }) => (relativeThroughput === null ? [] : [relativeThroughput]));
  const byCount = new Map(ratios.map(({ n, interval }) => [n, interval]));
  const described = [...byCount].map(([n, { coverage, reaches95 }]) => {
    if (n === 1) return "n = 1 gives no interval";
    const percent = (coverage * 100).toFixed(coverage > 0.995 ? 2 : 1);
    return reaches95 ? `order statistics, ${percent} % coverage (n = ${n})` : `range of ${n}, ${percent} % coverage`;
  });
  return described.length === 0 ? "no cell has a ratio to native" : `[low, high] of the median ratio: ${described.join("; ")}`;
}

/** The difference of native from itself in this run, in one line. */
export function noiseNote({ rows }: Comparison): string {
  const floors = rows.filter(({ isReferenceAgain, noiseFloor }) => isReferenceAgain && noiseFloor !== null);
  if (floors.length === 0) return "noise floor unknown: native was not measured twice";
  const widest = floors.reduce((a, b) => (a.noiseFloor! >= b.noiseFloor! ? a : b));
  return `noise floor (native by native again, in the same block): within ${formatFactor(widest.noiseFloor!)} at most, at ${formatCell(widest)}`;
}

const countLabels = Object.entries(costCounts).map(([key, { label }]) => [key, label]);
const costLabels = { ...(Object.fromEntries(countLabels) as Record<CostCount, string>), cpuUs: "CPU time" };

/** The reasons of missing figures. */
export function missingNotes({ rows }: Comparison): string[] {
  const missing = rows.flatMap((row) =>
    Object.entries(costLabels).flatMap(([key, label]) => {
      const figure = row.costs[key as keyof typeof costLabels];
      return isMissing(figure) && figure.applies ? [{ text: `n/a: ${label}: ${figure.reason}`, place: cellName(row) }] : [];
    }),
  );
  return gather(missing);
}

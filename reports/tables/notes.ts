import type { Comparison, ComparisonRow } from "../figures/comparison.js";
import { isMissing } from "../figures/counts.js";
import { formatCell, formatFactor, formatMeasured } from "../figures/formats.js";

/** The fixed part of our daemon was seen to vary by 27 calls from run to run: over this many I/Os that is 0.05 for each. */
const FEW_IOS = 500;

/** Where something was seen: the first few places by name. */
function places(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

/** Lines that repeat are said once, with the places they were seen in. */
function gather(seen: readonly { readonly text: string; readonly place: string }[]): string[] {
  const placesOf = new Map<string, string[]>();
  for (const { text, place } of seen) placesOf.set(text, [...(placesOf.get(text) ?? []), place]);
  return [...placesOf].map(([text, names]) => `${text} (${places([...new Set(names)])})`);
}

const cellName = (row: ComparisonRow) => `${row.backend} ${formatCell(row)}`;

function samplesOf(row: ComparisonRow) {
  return [
    ...row.cell.samples.map((sample) => ({ ...sample, place: `${cellName(row)}, block ${sample.block + 1}` })),
    ...row.cell.counts.map((sample) => ({ ...sample, place: `${cellName(row)}, counted in block ${sample.block + 1}` })),
  ];
}

/** What failed: backends that this host could not run, and samples. */
export function failures({ run, rows }: Comparison): string[] {
  const backends = run.backends.flatMap(({ name, unavailable }) =>
    unavailable === null ? [] : [`${name} was left out: ${unavailable}`],
  );
  const samples = rows.flatMap((row) =>
    samplesOf(row).flatMap(({ failure, place }) => (failure === null ? [] : [{ text: failure, place }])),
  );
  return [...backends, ...gather(samples)];
}

/** What the samples warn of, and what stands out among them. */
export function warnings({ run, rows }: Comparison): string[] {
  const unfinished = run.complete ? [] : ["the run was stopped before its end: n says how many blocks each cell has"];
  const samples = rows.flatMap((row) =>
    samplesOf(row).flatMap((sample) => sample.warnings.map((text) => ({ text, place: sample.place }))),
  );
  const outlying = rows.flatMap((row) =>
    row.outliers.map(({ block, value }) => {
      const middle = formatMeasured(row.operationsPerSecond!.median);
      return `outlier, kept in every figure: ${cellName(row)}, block ${block + 1}: ${formatMeasured(value)} ops/s, the median is ${middle}`;
    }),
  );
  const few = rows.flatMap((row) =>
    row.cell.counts.flatMap(({ figures }) =>
      figures === null || figures.ios >= FEW_IOS
        ? []
        : [
            {
              text: `counts rest on fewer than ${FEW_IOS} I/Os: what the fixed part varies by shows in them`,
              place: cellName(row),
            },
          ],
    ),
  );
  return [...unfinished, ...gather(samples), ...gather(few), ...outlying];
}

/** How the intervals of this run came about, in one line; the samples of its cells may differ in number. */
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

/** How far native differs from itself in this run, in one line. */
export function noiseNote({ rows }: Comparison): string {
  const floors = rows.filter(({ isReferenceAgain, noiseFloor }) => isReferenceAgain && noiseFloor !== null);
  if (floors.length === 0) return "noise floor unknown: native was not measured twice";
  const widest = floors.reduce((a, b) => (a.noiseFloor! >= b.noiseFloor! ? a : b));
  return `noise floor (native by native again, in the same block): within ${formatFactor(widest.noiseFloor!)} at most, at ${formatCell(widest)}`;
}

/** Why figures are missing. */
export function missingNotes({ rows }: Comparison): string[] {
  const names: Readonly<Record<string, string>> = {
    applicationSyscalls: "system calls of the application",
    applicationPageFaults: "page faults of the application",
    daemonSyscalls: "system calls of the daemon",
    daemonPageFaults: "page faults of the daemon",
    applicationSwitches: "context switches of the application",
    daemonSwitches: "context switches of the daemon",
    readRequests: "READ requests",
    cpuUs: "CPU time",
  };
  const missing = rows.flatMap((row) =>
    Object.entries(names).flatMap(([key, name]) => {
      const figure = row.costs[key as "cpuUs"];
      return isMissing(figure) && figure.applies ? [{ text: `n/a: ${name}: ${figure.reason}`, place: cellName(row) }] : [];
    }),
  );
  return gather(missing);
}

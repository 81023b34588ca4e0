import { markdownTable } from "markdown-table";
import type { Estimate } from "../../reports/figures/index.js";
import { type BenchBackend, counterCost } from "./counter-cost.js";
import { interleave, medianOf, ratioOf } from "./interleave.js";

const percent = (ratio: number) => `${ratio >= 1 ? "+" : ""}${((ratio - 1) * 100).toFixed(1)} %`;
const withInterval = ({ median, interval }: Estimate, text: (value: number) => string) =>
  `${text(median)} [${text(interval.low)}, ${text(interval.high)}]`;

export interface CostRequest {
  /** The test file's directory. */
  readonly directory: string;
  readonly backend: BenchBackend;
  readonly blocks: number;
  readonly seed: number;
}

/** Measures the cost of each set of counters and prints it as a table. @returns the exit code */
export async function printCosts({ directory, backend, blocks, seed }: CostRequest, signal: AbortSignal): Promise<number> {
  await using cost = await counterCost(directory, backend, seed, signal);
  const series = await interleave(cost.variants, blocks, seed, (block, name) =>
    console.error(`block ${block + 1}/${blocks}: ${name}`),
  );
  console.log(
    `What the counters cost: 4 KiB random reads of a warm file, ${backend}, ${blocks} interleaved blocks, seed ${seed}.`,
  );
  console.log("Medians with their 95 % intervals; a cost is the ratio to the same block's run without counters.\n");
  const [without] = series;
  const rows = series.map((one) => [
    one.name,
    withInterval(medianOf(one, "latency"), (ns) => ns.toFixed(0)),
    withInterval(ratioOf(one, without!, "latency"), percent),
    withInterval(medianOf(one, "cpu"), (ns) => ns.toFixed(0)),
    withInterval(ratioOf(one, without!, "cpu"), percent),
  ]);
  const header = ["counters", "mean latency, ns", "cost in latency", "the load's CPU time, ns", "cost in CPU time"];
  console.log(markdownTable([header, ...rows], { align: ["l", "r", "r", "r", "r"] }));
  return 0;
}

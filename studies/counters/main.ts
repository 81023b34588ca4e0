import { parseArgs } from "node:util";
import { markdownTable } from "markdown-table";
import type { Estimate } from "../../reports/figures/index.js";

import { type BenchBackend, counterCost } from "./counter-cost.js";
import { exactness } from "./exactness.js";
import { interleave, medianOf, ratioOf } from "./interleave.js";

const { values } = parseArgs({
  options: {
    blocks: { type: "string", default: "25" },
    seed: { type: "string", default: "1" },
    directory: { type: "string", default: "." },
    /** native, or fuse: through our own daemon. */
    backend: { type: "string", default: "native" },
    /** Instead of costs: a million reads of which everything is known, and what was counted. */
    exact: { type: "boolean", default: false },
    reads: { type: "string", default: "1000000" },
  },
});

if (values.exact) {
  const found = await exactness(values.directory, Number(values.reads));
  const rows = found.map(({ what, known, counted }) => [what, known, counted, counted - known].map(String));
  console.log(markdownTable([["count", "known", "counted", "difference"], ...rows], { align: ["l", "r", "r", "r"] }));
  process.exit(found.every(({ known, counted }) => known === counted) ? 0 : 1);
}

const percent = (ratio: number) => `${ratio >= 1 ? "+" : ""}${((ratio - 1) * 100).toFixed(1)} %`;
const withInterval = ({ median, interval }: Estimate, text: (value: number) => string) =>
  `${text(median)} [${text(interval.low)}, ${text(interval.high)}]`;

const seed = Number(values.seed);
const backend = backendOf(values.backend);

function backendOf(name: string): BenchBackend {
  if (name === "native" || name === "fuse") return name;
  console.error(`bench: unknown backend "${name}": choose native or fuse`);
  process.exit(2);
}
await using cost = await counterCost(values.directory, backend, seed);
const series = await interleave(cost.variants, Number(values.blocks), seed, (block, name) =>
  console.error(`block ${block + 1}/${values.blocks}: ${name}`),
);

console.log(
  `What the counters cost: 4 KiB random reads of a warm file, ${backend}, ${values.blocks} interleaved blocks, seed ${seed}.`,
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

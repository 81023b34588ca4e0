// Storms of small operations on our mount and on another daemon's, in turns: the median of each storm's rate and of the ratio.
import { parseArgs } from "node:util";
import { median } from "simple-statistics";
import { commandBackend } from "../../runners/backends/index.js";
import { ourBackend } from "../our-mount.js";
import { untilEnded } from "../until-ended.js";
import { measureRates, type Rates } from "./rates.js";
import { partsOf } from "./steps.js";

const { values } = parseArgs({
  options: {
    /** A command with {source} and {mountpoint}. */
    other: { type: "string" },
    rounds: { type: "string", default: "5" },
    files: { type: "string", default: "3000" },
    /** Words for `fusemeter mount`. */
    options: { type: "string", default: "--mode daemon" },
  },
});

/** One line: the median rates, and the ratio of neighbours where there is another daemon. */
function lineOf(step: string, ours: readonly Rates[], other: readonly Rates[]): string {
  const digits = step.startsWith("git") ? 1 : 0;
  const rate = (rounds: readonly Rates[]) => `${median(rounds.map((rates) => rates[step]!)).toFixed(digits)}/s`;
  const line = `${step.padEnd(24)} ours ${rate(ours)}`;
  if (other.length === 0) return line;
  const ratios = ours.map((rates, round) => rates[step]! / other[round]![step]!);
  const range = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}, n ${ratios.length}`;
  return `${line}  other ${rate(other)}  ratio ${median(ratios).toFixed(2)} (${range})`;
}

await untilEnded(async (signal) => {
  const parts = partsOf(Number(values.files));
  const ours = { backend: ourBackend(`--mode auto --transport auto ${values.options}`), rounds: [] as Rates[] };
  const other = { backend: values.other === undefined ? null : commandBackend(`other=${values.other}`), rounds: [] as Rates[] };
  const startedMs = performance.now();
  const rounds = Number(values.rounds);
  for (let round = 0; round < rounds; round++) {
    for (const { backend, rounds: results } of round % 2 === 0 ? [ours, other] : [other, ours])
      if (backend !== null) results.push(await measureRates(backend, parts, signal));
    const seconds = (performance.now() - startedMs) / 1000;
    const left = (seconds / (round + 1)) * (rounds - round - 1);
    console.error(`round ${round + 1} of ${rounds} after ${seconds.toFixed(0)} s, about ${left.toFixed(0)} s left`);
  }
  for (const { steps } of parts) for (const { name } of steps) console.log(lineOf(name, ours.rounds, other.rounds));
  return 0;
});

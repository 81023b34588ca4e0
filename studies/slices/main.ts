import { parseArgs } from "node:util";
import { sampleCorrelation, sampleStandardDeviation } from "simple-statistics";
import { estimateOfRounds } from "../../reports/figures/index.js";
import { readRun } from "../../results/index.js";
import { seededRandom } from "../../workloads/index.js";
import { untilEnded } from "../until-ended.js";
import { coverageByCandidate, OWN } from "./coverage.js";
import { consecutiveRounds, type Draw, swappedRounds } from "./drawing.js";
import { printLengths } from "./lengths.js";
import { type Pool, poolsOf } from "./pools.js";
import { simulated } from "./simulated.js";
import { coverageAtStop } from "./stopping.js";
import { coverageText, printTable } from "./tables.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Decisions of each line. */
    decisions: { type: "string", default: "3000" },
    seed: { type: "string", default: "1" },
    /** Measures slices of several lengths instead. */
    lengths: { type: "boolean", default: false },
  },
});

const ROUNDS = [4, 5, 6, 8, 10, 14, 20];
/** Rounds of a decision in the table of pools. */
const POOL_ROUNDS = 5;
const SIMULATED_ROUNDS = [4, 5, 6, 8, 10, 20];
const PRECISIONS = [0.005, 0.01, 0.02];
/** Spreads of simulated rounds, by the precision. */
const SPREADS = [0.25, 0.5, 1, 1.5, 2, 3];

const random = seededRandom(Number(values.seed));
const decisions = Number(values.decisions);

/** As many sources of rounds as there are decisions, from all pools in turn. */
function sourcesOf(pools: readonly Pool[], draw: (pool: Pool, random: () => number) => Draw): Draw[] {
  return Array.from({ length: decisions }, (_, index) => draw(pools[index % pools.length]!, random));
}

/** The pools one by one: a single bad one would not show in the tables over all. */
function printPools(pools: readonly Pool[]): void {
  const rows = pools.map((pool) => {
    const { median, interval, n } = estimateOfRounds(pool.ratios)!;
    const logarithms = pool.ratios.map(Math.log);
    const held = [swappedRounds, consecutiveRounds].map((draw) => {
      const { held: part } = coverageByCandidate(sourcesOf([pool], draw), POOL_ROUNDS).get(OWN)!;
      return `${(part * 100).toFixed(1)} %`;
    });
    const ends = `[${interval.low.toFixed(4)}, ${interval.high.toFixed(4)}]`;
    const deviation = `${(sampleStandardDeviation(logarithms) * 100).toFixed(2)} %`;
    const correlation = sampleCorrelation(logarithms.slice(1), logarithms.slice(0, -1)).toFixed(2);
    return [pool.name, String(n), `${median.toFixed(4)} ${ends}`, deviation, correlation, ...held];
  });
  printTable(
    `Real rounds of one thing by itself; coverage of our own interval of ${POOL_ROUNDS} rounds, ${decisions} decisions each`,
    ["pool", "rounds", "ratio of all", "deviation of a round", "correlation of neighbours", "names swapped", "consecutive"],
    rows,
  );
}

function printReal(pools: readonly Pool[]): void {
  const ways = { "names swapped at random": swappedRounds, "consecutive, as measured": consecutiveRounds };
  for (const [way, draw] of Object.entries(ways)) {
    const columns = ROUNDS.map((rounds) => coverageByCandidate(sourcesOf(pools, draw), rounds));
    const names = [...columns[0]!.keys()];
    const rows = names.map((name) => [name, ...columns.map((column) => coverageText(column.get(name)!))]);
    const title = `Coverage of 95 percent intervals and their mean half-width, real rounds, ${way}, ${decisions} decisions each`;
    printTable(title, ["interval", ...ROUNDS.map((rounds) => `${rounds} rounds`)], rows);
    const stopped = PRECISIONS.map((precision) => ({ precision, ...coverageAtStop(sourcesOf(pools, draw), precision) }));
    printTable(
      `Runs that end at a precision, real rounds, ${way}, ${decisions} runs each`,
      ["precision", "coverage and half-width at the end", "mean rounds"],
      stopped.map((found) => [`${found.precision * 100} %`, coverageText(found), found.meanRounds.toFixed(1)]),
    );
  }
}

/** Intervals of a fixed number of simulated rounds. */
function printSimulatedRounds(): void {
  const rows = Object.entries(simulated(random)).flatMap(([kind, draw]) => {
    const source = () => Math.exp(0.01 * draw());
    const columns = SIMULATED_ROUNDS.map((rounds) => coverageByCandidate(Array(decisions).fill(source), rounds));
    return [...columns[0]!.keys()].map((name) => [
      `${kind}: ${name}`,
      ...columns.map((column) => coverageText(column.get(name)!)),
    ]);
  });
  const title = `Simulated rounds with a deviation of 1 %: coverage and mean half-width of 95 percent intervals, ${decisions} decisions each`;
  printTable(title, ["rounds and interval", ...SIMULATED_ROUNDS.map((rounds) => `${rounds} rounds`)], rows);
}

/** Runs of simulated rounds that their precision ends. */
function printSimulatedRuns(): void {
  const kinds = Object.entries(simulated(random));
  const rows = kinds.map(([name, draw]) => {
    const cells = SPREADS.map((spread) => {
      const source = () => Math.exp(0.01 * spread * draw());
      const { held, meanRounds } = coverageAtStop(
        Array.from({ length: decisions }, () => source),
        0.01,
      );
      return `${(held * 100).toFixed(1)} % (${meanRounds.toFixed(1)})`;
    });
    return [name, ...cells];
  });
  const title = `Simulated rounds: coverage of the interval at the end of a run, and its mean rounds, ${decisions} runs each`;
  printTable(title, ["spread of a round by the precision", ...SPREADS.map((spread) => `${spread}x`)], rows);
}

await untilEnded(async (signal) => {
  if (values.lengths) {
    await printLengths(signal);
    return 0;
  }
  const runs = await Promise.all(positionals.map(readRun));
  const pools = runs.flatMap(poolsOf);
  if (pools.length > 0) {
    printPools(pools);
    printReal(pools);
  } else if (positionals.length > 0) console.log("No pair of backends in these results is one thing with 20 rounds or more.");
  printSimulatedRounds();
  printSimulatedRuns();
  return 0;
});

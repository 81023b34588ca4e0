// `npm run gate:study [-- --result DIR] [--full N] [--decisions N] [--workloads LIST]`: how often the gate is wrong where nothing has changed.
// Measures 30 blocks of the same daemon under two names (or takes a result that has them), draws runs from these blocks with
// replacement, and lets the gate decide each as it would decide a real one. With --full it also makes N whole runs, of some workloads or of those of --profile ci.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { soundDaemons } from "../test/fixtures/faulty-daemon.mjs";
import { scratch } from "./scratch.mjs";
import { root, setUp } from "./setup.mjs";

const { values } = parseArgs({
  options: {
    result: { type: "string" },
    decisions: { type: "string", default: "200" },
    full: { type: "string", default: "0" },
    budget: { type: "string", default: "5" },
    workloads: { type: "string" },
    seed: { type: "string", default: "1" },
  },
});
setUp();
const { folder, signal, within } = scratch("fusemeter-study-");
const room = (path) => import(join(root, "dist", path));
const { decide } = await room("reports/gate/decision.js");
const { headSides } = await room("reports/gate/head-sides.js");
const { baselineSides } = await room("reports/gate/baseline-sides.js");
const { entryOf } = await room("reports/gate/entry.js");
const { nextRound } = await room("reports/gate/next-round.js");
const { PILOT_BLOCKS } = await room("reports/gate/planning.js");
const { seededRandom } = await room("runners/run/random.js");

const random = seededRandom(Number(values.seed));
const rules = { measures: new Set(["counts", "times"]), leastRatio: 1.05 };
const budgetSeconds = Number(values.budget) * 60;
const program = join(root, "bin/fusemeter.js");

/** The same daemon as base and as head. */
async function measurePool() {
  const out = join(folder, "pool");
  const daemons = ["--backend", `base=${soundDaemons.daemon}`, "--backend", `head=${soundDaemons.daemon}`];
  const blocks = ["--blocks", "30", "--counted-blocks", "30"];
  await execa(
    process.execPath,
    [program, "run", "--profile", "ci", "--backends", "native", ...daemons, ...blocks, "--out", out],
    {
      stdout: "ignore",
      stderr: "inherit",
      cancelSignal: signal,
    },
  );
  return out;
}

function readPool(directory) {
  const run = JSON.parse(readFileSync(join(directory, "run.json"), "utf8"));
  const isWhole = (block) =>
    run.cells.every(({ samples }) => samples.some((sample) => sample.block === block && sample.figures !== null));
  const blocks = [...new Set(run.cells.flatMap(({ samples }) => samples.map(({ block }) => block)))].filter(isWhole);
  const starts = run.cells.flatMap(({ samples }) => samples.map(({ startedAt }) => Date.parse(startedAt)));
  // What a block costs without its counted runs, which a gate takes once.
  const secondsPerBlock = (Math.max(...starts) - Math.min(...starts)) / 1000 / run.request.blocks / 2;
  return { run, blocks, secondsPerBlock };
}

const pick = (list) => list[Math.floor(random() * list.length)];

/**
 * A run of blocks that were drawn from those of the pool. In each block it is drawn anew which of the two daemons is called base:
 * they are the same and their order in a block was random, so the names are arbitrary. Without that, the difference that 30 blocks
 * have by chance would be a true one of every run drawn from them.
 */
function drawnRun({ run, blocks }) {
  const other = { base: "head", head: "base" };
  const drawn = {
    ...run,
    request: { ...run.request, blocks: 0 },
    cells: run.cells.map((cell) => ({ ...cell, samples: [], counts: [] })),
  };
  const add = (count, counted) => {
    for (let index = 0; index < count; index++) {
      const from = pick(blocks);
      const block = drawn.request.blocks++;
      const swaps = random() < 0.5;
      for (const cell of drawn.cells) {
        const name = swaps ? (other[cell.backend] ?? cell.backend) : cell.backend;
        const source = run.cells.find(({ backend, workload }) => backend === name && workload === cell.workload);
        cell.samples.push({ ...source.samples.find((sample) => sample.block === from), block });
        const good = source.counts.filter(({ figures }) => figures !== null);
        if (index < counted && good.length > 0) cell.counts.push({ ...pick(good), block });
      }
    }
  };
  return { drawn, add };
}

/** Decides one drawn run, with as many looks as a real one would get. */
function decideDrawn(pool, sidesOf, change = (run) => run) {
  const { drawn, add } = drawnRun(pool);
  add(PILOT_BLOCKS, 1);
  let freshFrom = null;
  for (let looks = 1; ; looks++) {
    const decision = decide(sidesOf(change(drawn), freshFrom), rules);
    const { secondsPerBlock } = pool;
    const time = { spentSeconds: drawn.request.blocks * secondsPerBlock, secondsPerBlock, budgetSeconds };
    const round = nextRound({ run: drawn, decision, looks, time });
    if (decision.rows.some(({ verdict }) => verdict === "suspect")) freshFrom ??= drawn.request.blocks;
    if (round === null)
      return {
        verdict: decision.verdict,
        blocks: drawn.request.blocks,
        worse: decision.rows.filter(({ verdict }) => verdict === "worse"),
      };
    add(round.blocks, round.countedBlocks);
  }
}

/** The same run with one backend slower by a factor in every sample. */
function slower(backend, factor) {
  const scale = (figures) => ({
    ...figures,
    latencyNs: { ...figures.latencyNs, mean: figures.latencyNs.mean * factor },
    cpuSeconds: { ...figures.cpuSeconds, daemon: figures.cpuSeconds.daemon + (factor - 1) * figures.seconds },
  });
  return (run) => ({
    ...run,
    cells: run.cells.map((cell) =>
      cell.backend === backend
        ? { ...cell, samples: cell.samples.map((sample) => ({ ...sample, figures: scale(sample.figures) })) }
        : cell,
    ),
  });
}

function report(what, decisions) {
  const count = (verdict) => decisions.filter((decision) => decision.verdict === verdict).length;
  const blocks = decisions.map((decision) => decision.blocks).sort((a, b) => a - b);
  console.log(
    `${what}: ${decisions.length} decisions: ${count("regression")} regression, ${count("none slower")} none slower, ` +
      `${count("can't tell")} can't tell; ${blocks[Math.floor(blocks.length / 2)]} blocks (median), ${blocks.at(-1)} at most`,
  );
}

const times = (count, make) => Array.from({ length: count }, make);
const asHead = (run, freshFrom) => headSides(run, [{ name: "daemon", base: "base", head: "head" }], freshFrom);

async function full(index) {
  const startedMs = performance.now();
  const builds = [
    "--base",
    root,
    "--head",
    root,
    "--budget",
    values.budget,
    "--history",
    "none",
    "--out",
    join(folder, "full"),
    "--json",
    ...(values.workloads === undefined ? [] : ["--workloads", values.workloads]),
  ];
  const { exitCode, stdout, stderr } = await execa(process.execPath, [program, "gate", ...builds], {
    reject: false,
    cancelSignal: signal,
  });
  signal.throwIfAborted();
  rmSync(join(folder, "full"), { recursive: true, force: true });
  if (!stdout.startsWith("{")) throw new Error(stderr);
  const { verdict, rows } = JSON.parse(stdout);
  const said = rows.filter((row) => row.verdict === "worse").map((row) => `${row.backend} ${row.place} ${row.measure}`);
  console.error(
    `full run ${index + 1}: ${verdict}, exit ${exitCode}, ${((performance.now() - startedMs) / 1000).toFixed(0)} s ${said.join("; ")}`,
  );
  return { verdict, blocks: Number(rows.find(({ kind }) => kind === "time")?.n ?? 0) };
}

await within(async () => {
  if (values.result !== undefined && !existsSync(join(values.result, "run.json")))
    throw new Error(`no run.json in ${values.result}`);
  const decisions = Number(values.decisions);
  if (decisions > 0) {
    const pool = readPool(values.result ?? (await measurePool()));
    console.log(
      `drawn from ${pool.blocks.length} real blocks, ${pool.secondsPerBlock.toFixed(1)} s each, budget ${values.budget} min`,
    );
    report(
      "A/A, base against head",
      times(decisions, () => decideDrawn(pool, asHead)),
    );
    const againstDrawnBaseline = () => {
      const { drawn, add } = drawnRun(pool);
      add(30, 2);
      const entry = entryOf(drawn, new Date(0));
      return decideDrawn(pool, (run, freshFrom) => baselineSides(run, entry, "counts and times", freshFrom));
    };
    report("A/A, against a baseline", times(decisions, againstDrawnBaseline));
    report(
      "head slower by 10 percent",
      times(decisions, () => decideDrawn(pool, asHead, slower("head", 1.1))),
    );
  }
  const runs = [];
  for (let index = 0; index < Number(values.full); index++) runs.push(await full(index));
  if (runs.length > 0) report("A/A, runs in full", runs);
});

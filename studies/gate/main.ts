import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { entryOf, type Judge, judge } from "../../reports/gate/index.js";
import { makeWorkspace } from "../../runners/files/index.js";
import { seededRandom } from "../../workloads/index.js";
import { untilEnded } from "../until-ended.js";

import { decideDrawn, type Outcome } from "./decide-drawn.js";
import { drawRun } from "./drawn-run.js";
import { slower } from "./effects.js";
import { measurePool, readPool } from "./pool.js";
import { wholeRun } from "./whole-runs.js";

const { values } = parseArgs({
  options: {
    /** The directory of a result that has base and head; without it 30 blocks are measured. */
    result: { type: "string" },
    decisions: { type: "string", default: "200" },
    full: { type: "string", default: "0" },
    budget: { type: "string", default: "5" },
    workloads: { type: "string" },
    seed: { type: "string", default: "1" },
  },
});

const rules = { kinds: new Set(["counts", "times"] as const), leastRatio: 1.05 };
const pairs = [{ name: "daemon", base: "base", head: "head" }];
const asHead: Judge = (run, freshFrom) => judge(run, { kind: "head", pairs }, rules, freshFrom);

function report(what: string, outcomes: readonly Outcome[]): void {
  const count = (verdict: Outcome["verdict"]) => outcomes.filter((outcome) => outcome.verdict === verdict).length;
  const blocks = outcomes.map((outcome) => outcome.blocks).sort((a, b) => a - b);
  console.log(
    `${what}: ${outcomes.length} decisions: ${count("regression")} regression, ${count("none slower")} none slower, ` +
      `${count("can't tell")} can't tell; ${blocks[Math.floor(blocks.length / 2)]} blocks (median), ${blocks.at(-1)} at most`,
  );
}

async function drawn(folder: string, signal: AbortSignal, decisions: number): Promise<void> {
  const pool = await readPool(values.result ?? (await measurePool(join(folder, "pool"), signal)));
  const random = seededRandom(Number(values.seed));
  const common = { pool, random, leastRatio: rules.leastRatio, budgetSeconds: Number(values.budget) * 60 };
  const times = (decideOne: () => Outcome) => Array.from({ length: decisions }, decideOne);
  console.log(
    `drawn from ${pool.blocks.length} real blocks, ${pool.secondsPerBlock.toFixed(1)} s each, budget ${values.budget} min`,
  );
  report(
    "A/A, base against head",
    times(() => decideDrawn({ ...common, judge: asHead })),
  );
  const againstDrawnBaseline = () => {
    const before = drawRun(pool, random);
    before.add({ blocks: 30, countedBlocks: 2 });
    const entry = entryOf(before.run, new Date(0));
    const asBaseline: Judge = (run, freshFrom) =>
      judge(run, { kind: "baseline", entry, use: "counts and times" }, rules, freshFrom);
    return decideDrawn({ ...common, judge: asBaseline });
  };
  report("A/A, against a baseline", times(againstDrawnBaseline));
  report(
    "head slower by 10 percent",
    times(() => decideDrawn({ ...common, judge: asHead, change: slower("head", 1.1) })),
  );
}

await untilEnded(async (signal) => {
  await using workspace = await makeWorkspace(tmpdir());
  const folder = workspace.source;
  const decisions = Number(values.decisions);
  if (decisions > 0) await drawn(folder, signal, decisions);
  const setting = { folder, budgetMinutes: values.budget, workloads: values.workloads, signal };
  const runs: Outcome[] = [];
  for (let index = 0; index < Number(values.full); index++) runs.push(await wholeRun(index, setting));
  if (runs.length > 0) report("A/A, runs in full", runs);
  return 0;
});

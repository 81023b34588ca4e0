import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { FusemeterError } from "../errors.js";
import { type Judge, judge, judgeComplete } from "../reports/gate/index.js";
import { placements, type Run, readRun } from "../results/index.js";
import { exitCodeHelp, exitCodeOf, type Outcome } from "./exit-codes.js";
import { checkGateOptions, type GateOptions, withSlices } from "./gate-options.js";
import { type GateReference, referenceOf } from "./gate-reference.js";
import { measureForGate } from "./gate-run.js";
import { saveBaseline } from "./gate-save.js";
import { tellDecision } from "./gate-told.js";
import { withRun } from "./measuring.js";
import { requestedRun } from "./requested-run.js";
import { addGridOptions } from "./run-options.js";
import { checkWritable } from "./writable.js";

export function describe(command: Command): void {
  command
    .summary("judge a daemon in CI, against a baseline or an earlier build")
    .description("Measures a daemon, compares it with a baseline or with another build, and tells which figures got worse.")
    .option("--baseline <file>", "compare with a baseline that --save wrote")
    .option("--save <file>", "put the figures into a baseline instead of comparing")
    .option("--base <dir>", "the earlier of two builds to compare in one run")
    .option("--head <dir>", "the later of the two builds")
    .option(
      "--serve <command>",
      "shell line that mounts a build, with {dir}, {source} and {mountpoint} (default: fusemeter's own mount)",
    )
    .option("--result <dir>", "judge or save an existing result; nothing is measured");
  addGridOptions(command)
    .option("--measures <list>", "figures to judge: counts, times or both", "counts,times")
    .option("--least-effect <percent>", "smallest slowdown worth a report", "2")
    .option("--budget <minutes>", "longest time to measure", "2")
    .option("--placements <list>", `cores of reader and daemon: ${placements.join(", ")} (default: one-core)`)
    .option("--out <dir>", "directory of the result and the verdict (default: results/runs/<id>)")
    .option("--history <file>", 'append one line per decision for "fusemeter trend"; "none" to disable', "results/history.jsonl")
    .option("--json", "print the decision as JSON instead of the table")
    .addHelpText(
      "after",
      `
The baseline fills in the options that are left out; without one, the profile ci of fusemeter run does.
Writes gate.json, gate.md, gate.junit.xml, gate.benchmark.json and gate.bencher.json beside the result.

${exitCodeHelp}

Examples:
  fusemeter gate --save baseline.json
  fusemeter gate --baseline baseline.json --budget 3
  fusemeter gate --base ../main --head . --serve '{dir}/build/mydaemon -f {source} {mountpoint}'
  fusemeter gate --baseline baseline.json --measures counts --backend 'mine=./mydaemon -f {source} {mountpoint}'`,
    )
    .action(async (options: GateOptions) => {
      process.exitCode = exitCodeOf(await gate(options));
    });
}

async function gate(options: GateOptions): Promise<Outcome> {
  const rules = checkGateOptions(options);
  const result = options.result === undefined ? null : await readResult(options.result);
  if (options.save !== undefined) return saveBaseline(options.save, options, rules, result);
  if (options.history !== "none") checkWritable(options.history, "history");
  const compared = await referenceOf(options, result);
  const judgeRun: Judge = (run, { kinds, look }) => judge(run, compared.reference, { ...rules, kinds }, look);
  if (result !== null) {
    return tellDecision(result, judgeComplete(result, rules, judgeRun), options, directoryOf(options.result!, options));
  }
  const asked = requestedRun(withSlices(options, rules), compared.defaults, new Date());
  try {
    return await withRun({
      measure: (session) =>
        measureForGate(asked, { ...rules, countedRuns: 1, judge: judgeRun, isCounted: compared.isCounted }, session),
      tell: ({ run, decision }) => tellDecision(run, decision, options, asked.directory),
      whenEnded: () => "nothing was decided",
    });
  } catch (error) {
    if (!doesNotMountAnyMore(error, compared)) throw error;
    console.error(`fusemeter: regression: ${error.message}`);
    return "regression";
  }
}

/** A sweep over readahead windows has several cells in one place: nothing could be paired with them. */
async function readResult(path: string): Promise<Run> {
  const result = await readRun(path);
  if (result.cells.every(({ readahead }) => readahead === undefined)) return result;
  throw new FusemeterError({
    code: "NOT_FOR_GATE",
    fault: "use",
    problem: `${path} is a sweep over readahead windows`,
    remedy: "give a result of fusemeter run or of fusemeter gate",
  });
}

/** A judged backend that does not mount is a regression; of any other, the host or the command line is at fault. */
function doesNotMountAnyMore(error: unknown, { judged }: GateReference): error is FusemeterError {
  return error instanceof FusemeterError && error.code === "BACKEND_UNAVAILABLE" && judged.includes(error.backend ?? "");
}

function directoryOf(result: string, { out }: GateOptions): string {
  return resolve(out ?? (result.endsWith(".json") ? dirname(result) : result));
}

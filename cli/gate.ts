import { existsSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { FusemeterError, messageOf } from "../errors.js";
import {
  annotations,
  chooseEntry,
  type Decision,
  decisionJson,
  entryOf,
  historyLine,
  judge,
  judgeComplete,
  judgeNothing,
  markdownDecision,
  type Reference,
  terminalDecision,
  writeDecision,
} from "../reports/gate/index.js";
import { appendHistory, entriesBefore, type Run, readBaseline, readRun, saveEntry } from "../results/index.js";
import { hostFacts } from "../runners/host/index.js";
import { exitCodeOf, type Outcome } from "./exit-codes.js";
import { reportReleaseFailures } from "./failures.js";
import { checkGateWords, type GateWords, headPairs, headWords, wordsOfBaseline } from "./gate-options.js";
import { measureForGate } from "./gate-run.js";
import { abortOnSignals, endingSignal } from "./interruption.js";
import { addGridOptions } from "./run-options.js";

export function describe(command: Command): void {
  addGridOptions(
    command
      .summary("the verdict for CI against a baseline")
      .description(
        "Measures, compares with a baseline or base with head, and tells whether something got slower or costs more. " +
          "Exit code: 0 none slower, 1 a regression, 2 bad use, 3 this host can't tell.",
      )
      .option("--baseline <file>", "compare with what --save wrote")
      .option("--save <file>", "measure and put the result into a baseline instead of comparing")
      .option("--base <dir>", "compare two builds, interleaved in one run: the one before")
      .option("--head <dir>", "and the one after")
      .option(
        "--serve <command>",
        "how a build mounts: a line of shell with {dir}, {source} and {mountpoint} (default: as fusemeter itself does)",
      )
      .option("--result <dir>", "judge, or save, a result that is there; nothing is measured"),
  )
    .option("--measures <list>", "what is judged, of counts, times", "counts,times")
    .option("--least-effect <percent>", "how much slower is worth reporting", "5")
    .option("--budget <minutes>", "how long it may measure", "5")
    .option("--out <dir>", "where the result and the verdict go (default: results/runs/<id>)")
    .option("--history <file>", "where a line is added for fusemeter trend; none: nowhere", "results/history.jsonl")
    .option("--json", "print the decision as JSON instead of the table")
    .addHelpText(
      "after",
      `
Writes gate.json, gate.md, gate.junit.xml, gate.benchmark.json and gate.bencher.json beside the result.

Examples:
  fusemeter gate --save baseline.json
  fusemeter gate --baseline baseline.json --budget 3
  fusemeter gate --base ../main --head . --serve '{dir}/build/mydaemon -f {source} {mountpoint}'
  fusemeter gate --baseline baseline.json --measures counts --backend 'mine=./mydaemon -f {source} {mountpoint}'`,
    )
    .action(async (words: GateWords) => {
      process.exitCode = exitCodeOf(await gate(words));
    });
}

/** The nearest directory that exists: the filesystem on which a directory would be made. */
function existing(directory: string): string {
  return existsSync(directory) ? directory : existing(dirname(directory));
}

async function gate(words: GateWords): Promise<Outcome> {
  const rules = checkGateWords(words);
  const signal = abortOnSignals();
  const now = new Date();
  try {
    if (words.save !== undefined) return await save(words.save, words, now, signal);
    const result = words.result === undefined ? null : await readResult(words.result);
    let reference: Reference;
    let asked: GateWords;
    if (words.baseline !== undefined) {
      const entries = await readBaseline(words.baseline);
      const host = result?.host ?? (await hostFacts(existing(resolve(words.directory ?? words.out ?? "."))));
      const chosen = chooseEntry(entries, host, words.baseline);
      reference = { kind: "baseline", ...chosen };
      asked = wordsOfBaseline(words, chosen.entry);
    } else {
      reference = { kind: "head", pairs: headPairs(words) };
      asked = headWords(words);
    }
    const judgeRun = (run: Run, freshFrom: number | null) => judge(run, reference, rules, freshFrom);
    if (result !== null) {
      return await tell(result, judgeComplete(result, judgeRun), words, directoryOf(words.result!, words));
    }
    const plan = { ...rules, countedRuns: 1, judge: judgeRun };
    const { run, decision, directory } = await measureForGate(asked, plan, now, signal);
    return await tell(run, decision, words, directory);
  } catch (error) {
    const ending = endingSignal(signal);
    if (ending === null && doesNotMountAnyMore(error, words)) {
      console.error(`fusemeter: regression: ${error.message}`);
      return "regression";
    }
    if (ending === null) throw error;
    reportReleaseFailures(error);
    console.error(`fusemeter: ended by ${ending}; nothing was decided`);
    return ending;
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

/**
 * Whether what can't be mounted is what is judged: head where base, which is tried first, could be; or a daemon of the user's own
 * that the baseline has figures of. Otherwise the host or the command line is at fault.
 */
function doesNotMountAnyMore(error: unknown, words: GateWords): error is FusemeterError {
  const { baseline, backend = [] } = words;
  if (!(error instanceof FusemeterError) || error.code !== "BACKEND_UNAVAILABLE") return false;
  if (words.head !== undefined) return headPairs(words).some(({ head }) => head === error.backend);
  const own = backend.map((definition) => definition.split("=")[0]);
  return baseline !== undefined && own.includes(error.backend ?? "");
}

function directoryOf(result: string, { out }: GateWords): string {
  return resolve(out ?? (result.endsWith(".json") ? dirname(result) : result));
}

/** Puts a run into a baseline. What is no baseline is refused before anything is measured. */
async function save(path: string, words: GateWords, now: Date, signal: AbortSignal): Promise<Outcome> {
  await entriesBefore(path);
  const rules = checkGateWords(words);
  const plan = { ...rules, countedRuns: 2, judge: (run: Run) => judgeNothing(run, rules) };
  const run = words.result === undefined ? (await measureForGate(words, plan, now, signal)).run : await readResult(words.result);
  const failed = run.cells.find(({ samples, counts }) => [...samples, ...counts].some(({ ok }) => !ok));
  const good = run.cells.some(({ counts }) => counts.some(({ ok }) => ok));
  if (failed !== undefined || !good) {
    throw new FusemeterError({
      code: "NOTHING_TO_SAVE",
      fault: "host",
      problem: `nothing was saved in ${path}`,
      reason: failed === undefined ? "no sample was counted" : `samples failed on ${failed.backend}`,
      remedy: "look into the result, then measure again",
      backend: failed?.backend ?? null,
    });
  }
  const entry = entryOf(run, now);
  if (entry.cells.every(({ counts, timesToNative }) => Object.keys({ ...counts, ...timesToNative }).length === 0)) {
    throw new FusemeterError({
      code: "NOTHING_TO_SAVE",
      fault: "host",
      problem: `nothing was saved in ${path}`,
      reason: "this host gave no count, and no time that can be compared with native's",
      remedy: "run as root, with a backend that mounts. Fusemeter doctor tells what is missing",
    });
  }
  await saveEntry(path, entry);
  console.log(`${path}: ${run.cells.length} cells of host ${run.host.fingerprint} saved (run ${run.id})`);
  return "done";
}

/** The end of the command by the gate's verdict. */
const outcomeOf: Readonly<Record<Decision["verdict"], Outcome>> = {
  "none slower": "done",
  regression: "regression",
  "can't tell": "host",
};

async function tell(run: Run, decision: Decision, words: GateWords, directory: string): Promise<Outcome> {
  const outcome = outcomeOf[decision.verdict];
  const exitCode = exitCodeOf(outcome);
  await writeDecision(decision, exitCode, directory);
  if (words.history !== "none") await appendHistory(words.history, historyLine(run, decision, process.env.GITHUB_SHA ?? null));
  console.log(words.json === true ? JSON.stringify(decisionJson(decision, exitCode)) : terminalDecision(decision));
  const { GITHUB_STEP_SUMMARY, GITHUB_ACTIONS } = process.env;
  if (GITHUB_STEP_SUMMARY) {
    // The verdict stands without the summary.
    await appendFile(GITHUB_STEP_SUMMARY, markdownDecision(decision)).catch((error: unknown) =>
      console.error(`fusemeter: warning: $GITHUB_STEP_SUMMARY can't be written: ${messageOf(error)}`),
    );
  }
  // The runner reads workflow commands from both streams; standard output is for data.
  if (GITHUB_ACTIONS === "true") for (const line of annotations(decision)) console.error(line);
  return outcome;
}

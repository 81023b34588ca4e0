import { existsSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { FusemeterError } from "../errors.js";
import {
  annotations,
  type Decision,
  entryOf,
  historyLine,
  markdownDecision,
  terminalDecision,
  writeDecision,
} from "../reports/gate/index.js";
import { appendHistory, entriesBefore, type Run, readBaseline, readRun, saveEntry } from "../results/index.js";
import { hostFacts } from "../runners/host/index.js";

import { checkGateWords, type GateWords, headWords, wordsOfBaseline } from "./gate-options.js";
import { againstBaseline, againstHead, judge, type Reference } from "./gate-reference.js";
import { measureForGate } from "./gate-run.js";
import { abortOnSignals, endingSignal, exitCodeOf } from "./interruption.js";
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
      process.exitCode = await gate(words);
    });
}

/** The nearest directory that exists: the filesystem on which a directory would be made. */
function existing(directory: string): string {
  return existsSync(directory) ? directory : existing(dirname(directory));
}

async function gate(words: GateWords): Promise<number> {
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
      reference = againstBaseline(entries, host, words.baseline);
      asked = wordsOfBaseline(words, reference.entry);
    } else {
      reference = againstHead(words);
      asked = headWords(words);
    }
    const look = (run: Run, freshFrom: number | null) => judge(run, reference, rules, freshFrom);
    if (result !== null) {
      // Nothing can be measured again: the second half of the blocks stands for it.
      const decision = look(result, Math.ceil(result.request.blocks / 2));
      return await tell(result, decision, words, directoryOf(words.result!, words));
    }
    const { run, decision, directory } = await measureForGate(asked, rules, look, now, signal);
    return await tell(run, decision, words, directory);
  } catch (error) {
    const ending = endingSignal(signal);
    if (ending === null && doesNotMountAnyMore(error, words)) {
      console.error(`fusemeter: regression: ${error.message}`);
      return 1;
    }
    if (ending === null) throw error;
    console.error(`fusemeter: ended by ${ending}; nothing was decided`);
    return exitCodeOf[ending];
  }
}

/** A sweep over readahead windows has several cells in one place: nothing could be paired with them. */
async function readResult(path: string): Promise<Run> {
  const result = await readRun(path);
  if (result.cells.every(({ readahead }) => readahead === undefined)) return result;
  throw new FusemeterError({
    code: "NOT_FOR_GATE",
    exitCode: 2,
    problem: `${path} is a sweep over readahead windows`,
    remedy: "give a result of fusemeter run or of fusemeter gate",
  });
}

/**
 * Whether what can't be mounted is what is judged: head where base, which is tried first, could be; or a daemon of the user's own
 * that the baseline has figures of. Otherwise the host or the command line is at fault.
 */
function doesNotMountAnyMore(error: unknown, { head, baseline, backend = [] }: GateWords): error is FusemeterError {
  if (!(error instanceof FusemeterError) || error.code !== "BACKEND_UNAVAILABLE") return false;
  if (head !== undefined) return error.problem.startsWith("the backend head-");
  const own = backend.map((definition) => definition.split("=")[0]!);
  return baseline !== undefined && own.some((name) => error.problem.startsWith(`the backend ${name} `));
}

function directoryOf(result: string, { out }: GateWords): string {
  return resolve(out ?? (result.endsWith(".json") ? dirname(result) : result));
}

/** Puts a run into a baseline. What is no baseline is refused before anything is measured. */
async function save(path: string, words: GateWords, now: Date, signal: AbortSignal): Promise<number> {
  await entriesBefore(path);
  const rules = checkGateWords(words);
  const run =
    words.result === undefined ? (await measureForGate(words, rules, null, now, signal)).run : await readResult(words.result);
  const failed = run.cells.find(({ samples, counts }) => [...samples, ...counts].some(({ failure }) => failure !== null));
  const good = run.cells.some(({ counts }) => counts.some(({ figures }) => figures !== null));
  if (failed !== undefined || !good) {
    throw new FusemeterError({
      code: "NOTHING_TO_SAVE",
      exitCode: 3,
      problem: `samples failed${failed === undefined ? "" : ` on ${failed.backend}`}, nothing was saved`,
      remedy: "a baseline must hold what works: see the result, then measure again",
    });
  }
  const entry = entryOf(run, now);
  if (entry.cells.every(({ counts, timesToNative }) => Object.keys({ ...counts, ...timesToNative }).length === 0)) {
    throw new FusemeterError({
      code: "NOTHING_TO_SAVE",
      exitCode: 3,
      problem: "this host gave no count, and no time that stands beside native's; nothing was saved",
      remedy: "run as root, with a backend that mounts; see: fusemeter doctor",
    });
  }
  await saveEntry(path, entry);
  console.log(`${path}: ${run.cells.length} cells of host ${run.host.fingerprint} saved (run ${run.id})`);
  return 0;
}

async function tell(run: Run, decision: Decision, words: GateWords, directory: string): Promise<number> {
  await writeDecision(decision, directory);
  if (words.history !== "none") await appendHistory(words.history, historyLine(run, decision, process.env.GITHUB_SHA ?? null));
  console.log(words.json === true ? JSON.stringify(decision) : terminalDecision(decision));
  const { GITHUB_STEP_SUMMARY, GITHUB_ACTIONS } = process.env;
  if (GITHUB_STEP_SUMMARY) await appendFile(GITHUB_STEP_SUMMARY, markdownDecision(decision));
  // The runner reads workflow commands from both streams; standard output is for data.
  if (GITHUB_ACTIONS === "true") for (const line of annotations(decision)) console.error(line);
  return decision.exitCode;
}

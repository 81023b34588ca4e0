import { appendFile } from "node:fs/promises";
import { messageOf } from "../errors.js";
import {
  annotations,
  type Decision,
  decisionJson,
  historyLine,
  markdownDecision,
  terminalDecision,
  writeDecision,
} from "../reports/gate/index.js";
import { appendHistory, type Run } from "../results/index.js";
import { exitCodeOf, type Outcome } from "./exit-codes.js";
import type { GateOptions } from "./gate-options.js";

const outcomeOf: Readonly<Record<Decision["verdict"], Outcome>> = {
  "none slower": "done",
  regression: "regression",
  "can't tell": "host",
};

/** Writes and prints a decision in every form that a CI reads. */
export async function tellDecision(run: Run, decision: Decision, options: GateOptions, directory: string): Promise<Outcome> {
  const outcome = outcomeOf[decision.verdict];
  const exitCode = exitCodeOf(outcome);
  await writeDecision(decision, exitCode, directory);
  if (options.history !== "none") {
    await appendHistory(options.history, historyLine(run, decision, process.env.GITHUB_SHA ?? null));
  }
  console.log(options.json === true ? JSON.stringify(decisionJson(decision, exitCode)) : terminalDecision(decision));
  const { GITHUB_STEP_SUMMARY, GITHUB_ACTIONS } = process.env;
  if (GITHUB_STEP_SUMMARY) await appendSummary(GITHUB_STEP_SUMMARY, markdownDecision(decision));
  // The runner reads workflow commands from both streams; standard output is for data.
  if (GITHUB_ACTIONS === "true") for (const line of annotations(decision)) console.error(line);
  return outcome;
}

/** The verdict stands without the summary: one that can't be written is a warning. */
async function appendSummary(path: string, text: string): Promise<void> {
  try {
    await appendFile(path, text);
  } catch (error) {
    console.error(`fusemeter: warning: $GITHUB_STEP_SUMMARY can't be written: ${messageOf(error)}`);
  }
}

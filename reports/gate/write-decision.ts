import { join } from "node:path";
import { writeWhole } from "../../results/index.js";

import type { Decision } from "./decision.js";
import { decisionJson } from "./decision-json.js";
import { junit } from "./junit.js";
import { markdownDecision } from "./table.js";
import { bencherMetricFormat, benchmarkAction } from "./trackers.js";

const json = (value: unknown) => `${JSON.stringify(value, null, 1)}\n`;

/**
 * Writes a gate's decision: `gate.json`, `gate.md`, `gate.junit.xml`, and `gate.benchmark.json` and `gate.bencher.json` for
 * github-action-benchmark and Bencher.
 *
 * @param exitCode the code that the command ends with
 * @throws {FusemeterError} `REPORT_NOT_WRITTEN`
 */
export async function writeDecision(decision: Decision, exitCode: number, directory: string): Promise<void> {
  const files: Readonly<Record<string, string>> = {
    "gate.json": json(decisionJson(decision, exitCode)),
    "gate.md": markdownDecision(decision),
    "gate.junit.xml": junit(decision),
    "gate.benchmark.json": json(benchmarkAction(decision)),
    "gate.bencher.json": json(bencherMetricFormat(decision)),
  };
  for (const [name, text] of Object.entries(files)) await writeWhole(join(directory, name), text);
}

import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { DecisionJson } from "../../reports/gate/index.js";
import { fusemeter } from "../our-program.js";

/** One run of the gate. */
export interface GateRun {
  readonly exitCode: number | undefined;
  /** Measures that were found worse. */
  readonly worse: readonly string[];
  readonly stderr: string;
  readonly seconds: number;
}

/** Runs the gate. Its result is removed. */
export async function runGate(words: readonly string[], folder: string, signal: AbortSignal): Promise<GateRun> {
  const out = join(folder, "out");
  const startedMs = performance.now();
  const { exitCode, stdout, stderr } = await fusemeter(
    ["gate", "--history", "none", "--out", out, "--json", ...words],
    signal,
  ).finally(() => rm(out, { recursive: true, force: true }));
  const rows = stdout.startsWith("{") ? (JSON.parse(stdout) as DecisionJson).rows : [];
  const worse = rows.filter(({ verdict }) => verdict === "worse").map(({ measure }) => measure);
  return { exitCode, worse, stderr, seconds: (performance.now() - startedMs) / 1000 };
}

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../../package-root.js";
import type { DecisionJson } from "../../reports/gate/index.js";
import { fusemeter } from "../our-program.js";
import type { Outcome } from "./decide-drawn.js";

interface Setting {
  readonly folder: string;
  readonly budgetMinutes: string;
  readonly workloads: string | undefined;
  readonly signal: AbortSignal;
}

/** Runs the gate once, with this build as base and as head. */
export async function wholeRun(index: number, { folder, budgetMinutes, workloads, signal }: Setting): Promise<Outcome> {
  const startedMs = performance.now();
  const out = join(folder, "full");
  const builds = ["--base", packageRoot(), "--head", packageRoot(), "--budget", budgetMinutes, "--history", "none"];
  const chosen = workloads === undefined ? [] : ["--workloads", workloads];
  const words = ["gate", ...builds, "--out", out, "--json", ...chosen];
  const { exitCode, stdout, stderr } = await fusemeter(words, signal).finally(() => rm(out, { recursive: true, force: true }));
  if (!stdout.startsWith("{")) throw new Error(stderr);
  const { verdict, rows } = JSON.parse(stdout) as DecisionJson;
  const worse = rows.filter((row) => row.verdict === "worse").map((row) => `${row.backend} ${row.place} ${row.measure}`);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  console.error(`full run ${index + 1}: ${verdict}, exit ${exitCode}, ${seconds} s ${worse.join("; ")}`);
  return { verdict, blocks: Number(rows.find(({ kind }) => kind === "time")?.n ?? 0) };
}

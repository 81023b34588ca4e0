import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { median } from "simple-statistics";
import type { Run } from "../../results/index.js";
import { type Load, startLoad } from "./busy.js";
import { RANDOM_READS } from "./curve.js";
import { NO_FAULT, withFault } from "./preload.js";
import { type Kind, runFolder, savedRun } from "./saved-runs.js";
import { measureWhole, pair } from "./whole-run.js";

/** The setting of all runs of a study. */
export interface StudySetting {
  readonly out: string;
  /** The line of shell that mounts the daemon of a kind. */
  readonly commandOf: (daemon: Kind["daemon"]) => string;
  /** The library that puts faults into daemons. */
  readonly library: string;
  readonly workloads: readonly string[];
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** The time of the run that tells the time of a read. */
const CALIBRATION_SECONDS = 20;

/** Measures one run, or reads it where it is there. A run that was stopped is measured anew. */
async function runAt(directory: string, load: Load, measure: () => Promise<Run>): Promise<Run> {
  const saved = await savedRun(directory);
  if (saved !== null) return saved;
  if (existsSync(directory)) await rm(directory, { recursive: true });
  await using _load = startLoad(load);
  return measure();
}

/** The median time of a random read of base, in ns. */
function readNs({ cells }: Run): number {
  const base = cells.find(({ backend, workload }) => backend === pair.base && workload === RANDOM_READS);
  const rounds = base?.slices.flatMap((placed) => placed.rounds) ?? [];
  return median(rounds.flatMap((round) => (round.ok ? [median(round.nsPerOperation.filter((ns) => ns !== null))] : [])));
}

/** The time of a random read on a quiet host: what percentages are of. It is measured once a daemon. */
export async function calibrated({ out, commandOf, library, signal }: StudySetting, daemon: Kind["daemon"]): Promise<number> {
  const directory = `${out}/${daemon}/calibration`;
  const command = withFault(commandOf(daemon), library, NO_FAULT);
  const seconds = CALIBRATION_SECONDS;
  const common = { base: command, head: command, workloads: [RANDOM_READS], seconds, directory, seed: 1, signal };
  return readNs(await runAt(directory, "quiet", () => measureWhole({ ...common, id: `${daemon}-calibration` })));
}

/** Measures the run of a kind with a number, or reads it where it is there. */
export async function measuredRun(setting: StudySetting, kind: Kind, index: number, nsOfRead: number): Promise<Run> {
  const { out, commandOf, library, workloads, seconds, signal } = setting;
  const { daemon, load, effectPercent } = kind;
  const directory = runFolder(out, kind, index);
  const command = commandOf(daemon);
  const spinNs = Math.round((nsOfRead * effectPercent) / 100);
  return runAt(directory, load, () =>
    measureWhole({
      id: `${daemon}-${load}-${effectPercent}-${index}`,
      base: withFault(command, library, NO_FAULT),
      head: withFault(command, library, { spinNs, calls: 0 }),
      workloads,
      seconds,
      directory,
      seed: index + 1,
      signal,
    }),
  );
}

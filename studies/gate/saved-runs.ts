import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Run, readRun } from "../../results/index.js";
import type { Load } from "./busy.js";
import type { DaemonName } from "./daemons.js";

/** The runs of one kind: a daemon under a load, whose head is slower by some percent of a read. */
export interface Kind {
  readonly daemon: DaemonName;
  readonly load: Load;
  readonly effectPercent: number;
}

const kindFolder = (out: string, { daemon, load, effectPercent }: Kind) => join(out, daemon, load, String(effectPercent));

/** The directory of one run of a kind, whether it is there or not. */
export function runFolder(out: string, kind: Kind, index: number): string {
  return join(kindFolder(out, kind), String(index).padStart(2, "0"));
}

/** A saved run that came to its end; null where there is none. */
export async function savedRun(directory: string): Promise<Run | null> {
  if (!existsSync(join(directory, "run.json"))) return null;
  const run = await readRun(directory);
  return run.complete ? run : null;
}

/** The saved runs of a kind that came to their end. */
export async function savedRuns(out: string, kind: Kind): Promise<Run[]> {
  const folder = kindFolder(out, kind);
  if (!existsSync(folder)) return [];
  const runs = await Promise.all(
    readdirSync(folder)
      .sort()
      .map((name) => savedRun(join(folder, name))),
  );
  return runs.filter((run) => run !== null);
}

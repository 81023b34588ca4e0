import { type Run, SCHEMA } from "../../results/index.js";
import type { PreparedRun } from "./prepare.js";

/** The id of a run: its time in UTC, then the kind of run, for instance `20260102T030405Z-quick`. */
export function runId(now: Date, kind: string): string {
  return `${now.toISOString().replace(/[-:]|\.\d+/g, "")}-${kind}`;
}

/** The result of a run that has no sample yet. */
export function newRun(
  { id, profile, seed, request }: Pick<Run, "id" | "profile" | "seed" | "request">,
  { host, records }: Pick<PreparedRun, "host" | "records">,
): Run {
  return {
    schema: SCHEMA,
    id,
    startedAt: new Date().toISOString(),
    profile,
    seed,
    complete: false,
    request,
    host,
    backends: [...records],
    cells: [],
    calibration: null,
  };
}

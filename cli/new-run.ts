import { type Run, SCHEMA } from "../results/index.js";
import type { PreparedRun } from "../runners/run/index.js";

import type { Asked } from "./run-options.js";

/** The result of a run that has no sample yet. */
export function newRun(asked: Asked, { host, records }: PreparedRun): Run {
  return {
    schema: SCHEMA,
    id: asked.id,
    startedAt: new Date().toISOString(),
    profile: asked.profile,
    seed: asked.seed,
    complete: false,
    request: asked.request,
    host,
    backends: [...records],
    cells: [],
    calibration: null,
  };
}

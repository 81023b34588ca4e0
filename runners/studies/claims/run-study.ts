import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { AS_FOUND, type Run, type RunRequest } from "../../../results/index.js";

import { NATIVE_AGAIN } from "../../backends/backend.js";
import { newRun } from "../../run/new-run.js";
import { continueRun } from "../../run/run.js";
import { fixedRounds } from "../../run/slice-rounds.js";
import { type StudyName, studies } from "./studies.js";
import type { Grid, Study, StudySetting, StudySize } from "./study.js";

/** The request of some studies together: the backends and the files that must be made ready for them. */
export function requestOf(names: readonly StudyName[], size: StudySize, directory: string): RunRequest {
  const grids = names.flatMap((name) => {
    const study: Study = studies[name];
    return "grid" in study ? [study.grid] : [];
  });
  const backends = [...new Set(grids.flatMap((grid) => grid.backends))];
  return {
    blocks: size.blocks,
    countedBlocks: size.countedBlocks,
    fileSizeBytes: size.fileSizeBytes,
    backends: backends.map((name) => ({ name, command: null })),
    workloads: [...new Set(grids.flatMap(({ workloads }) => workloads))],
    ioSizesBytes: [...new Set(grids.map(({ ioSizeBytes }) => ioSizeBytes))],
    caches: [...new Set(grids.map(({ cache }) => cache))],
    directory,
  };
}

/** Takes the samples of a grid. Its result is written into a directory of the study's name. */
export async function takeRun(name: StudyName, grid: Grid, setting: StudySetting): Promise<Run> {
  const { prepared, size, seed, signal } = setting;
  const wanted = [...grid.backends, ...(grid.backends.includes("native") ? [NATIVE_AGAIN] : [])];
  const directory = join(setting.out, name);
  await mkdir(directory, { recursive: true });
  const request: RunRequest = {
    fileSizeBytes: size.fileSizeBytes,
    countedBlocks: size.countedBlocks,
    blocks: size.blocks * (grid.blocksFactor ?? 1),
    slices: { placements: ["one-core", "scheduler"], rounds: size.sliceRounds, precision: 0.02, budgetSeconds: null },
    backends: grid.backends.map((backend) => ({ name: backend, command: null })),
    workloads: [...grid.workloads],
    ioSizesBytes: [grid.ioSizeBytes],
    caches: [grid.cache],
    ...(grid.isWindowSwept === true ? { readahead: [AS_FOUND, { ...AS_FOUND, mountKiB: 0 }] } : {}),
    directory: setting.out,
  };
  const id = `claims-${name}`;
  const records = prepared.records.filter((record) => wanted.includes(record.name));
  const run = newRun({ id, profile: id, seed, request }, { host: prepared.host, records });
  await continueRun(run, {
    backends: new Map([...prepared.usable].filter(([backend]) => wanted.includes(backend))),
    workspace: prepared.workspace,
    directory,
    signal,
    beforeBlock: async () => {},
    onProgress: setting.onProgress,
    onFailure: ({ key }, failure) => setting.onFailure(`${key.workload} ${key.cache} on ${key.backend}: ${failure}`),
    slices: fixedRounds(size.sliceRounds, {
      onPhase: setting.onPhase,
      onFailedSlices: ({ workload, cache, backend }, placement, round, failure) =>
        setting.onFailure(`slices of ${workload} ${cache} on ${backend}, ${placement}, round ${round + 1}: ${failure}`),
    }),
  });
  return run;
}

import { join } from "node:path";
import { type CacheState, type Run, type RunRequest, SCHEMA, type StudyName } from "../../../results/index.js";

import { NATIVE_AGAIN } from "../../backends/backend.js";
import { AS_FOUND } from "../../readahead/setting.js";
import type { PreparedRun } from "../../run/prepare.js";
import type { Progress } from "../../run/progress.js";
import { continueRun } from "../../run/run.js";

/** A study that is a run: its part of the grid. */
interface RunStudy {
  readonly backends: readonly string[];
  readonly workloads: readonly string[];
  readonly ioSizeBytes: number;
  readonly cache: CacheState;
  readonly windowOff?: boolean;
  /** Takes so many times the blocks. */
  readonly times?: number;
}

const [SEQUENTIAL, RANDOM] = ["seq-rd-1th-1f", "rnd-rd-1th-1f"];

const runStudies: Readonly<Partial<Record<StudyName, RunStudy>>> = {
  warm: {
    backends: ["native", "fuse", "fuse-uring", "passthrough"],
    workloads: [SEQUENTIAL!, RANDOM!],
    ioSizeBytes: 4096,
    cache: "warm",
  },
  window: { backends: ["fuse", "daemon-readahead"], workloads: [SEQUENTIAL!], ioSizeBytes: 4096, cache: "warm", windowOff: true },
  cold: { backends: ["native", "fuse", "passthrough"], workloads: [SEQUENTIAL!, RANDOM!], ioSizeBytes: 4096, cache: "cold" },
  // A file of the quick profile is read from a fast medium within 100 ms: one such time says little.
  large: { backends: ["native", "fuse"], workloads: [SEQUENTIAL!], ioSizeBytes: 2 ** 20, cache: "cold", times: 3 },
};

/** How much of it. */
export interface StudySize {
  readonly blocks: number;
  readonly countedBlocks: number;
  readonly fileSizeBytes: number;
}

/** What must be made ready for some studies: their backends and files, all at once. */
export function requestOf(studies: readonly StudyName[], size: StudySize, directory: string): RunRequest {
  const parts = studies.flatMap((name) => runStudies[name] ?? []);
  const names = [...new Set(parts.flatMap(({ backends }) => backends))];
  return {
    ...size,
    backends: names.map((name) => ({ name, command: null })),
    workloads: [...new Set(parts.flatMap(({ workloads }) => workloads))],
    ioSizesBytes: [...new Set(parts.map(({ ioSizeBytes }) => ioSizeBytes))],
    caches: [...new Set(parts.map(({ cache }) => cache))],
    directory,
  };
}

export interface RunStudySetting {
  readonly prepared: PreparedRun;
  readonly size: StudySize;
  readonly seed: number;
  /** Each study's result goes into a directory below. */
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  readonly onFailure: (failure: string) => void;
}

/** Takes the samples of one study; null where the study is no run. */
export async function runStudy(
  name: StudyName,
  setting: RunStudySetting,
  makeDirectory: (path: string) => Promise<void>,
): Promise<Run | null> {
  const study = runStudies[name];
  if (study === undefined) return null;
  const { prepared, size, seed, signal } = setting;
  const wanted = [...study.backends, ...(study.backends.includes("native") ? [NATIVE_AGAIN] : [])];
  const backends = new Map([...prepared.usable].filter(([backend]) => wanted.includes(backend)));
  const directory = join(setting.directory, name);
  await makeDirectory(directory);
  const run: Run = {
    schema: SCHEMA,
    id: `claims-${name}`,
    startedAt: new Date().toISOString(),
    profile: `claims-${name}`,
    seed,
    complete: false,
    request: {
      ...size,
      blocks: size.blocks * (study.times ?? 1),
      backends: study.backends.map((backend) => ({ name: backend, command: null })),
      workloads: [...study.workloads],
      ioSizesBytes: [study.ioSizeBytes],
      caches: [study.cache],
      ...(study.windowOff === true ? { readahead: [AS_FOUND, { ...AS_FOUND, mountKiB: 0 }] } : {}),
      directory: setting.directory,
    },
    host: prepared.host,
    backends: prepared.records.filter((record) => wanted.includes(record.name)),
    cells: [],
    calibration: null,
  };
  await continueRun(run, {
    backends,
    workspace: prepared.workspace,
    directory,
    signal,
    beforeBlock: async () => {},
    onProgress: setting.onProgress,
    onFailure: ({ key }, failure) => setting.onFailure(`${key.workload} ${key.cache} on ${key.backend}: ${failure}`),
  });
  return run;
}

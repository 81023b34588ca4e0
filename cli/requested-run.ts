import { randomInt } from "node:crypto";
import { resolve } from "node:path";
import { type CacheState, cacheState, type Run, type RunRequest } from "../results/index.js";
import { type Backend, backendNames, builtInBackend, commandBackend, ownBackend } from "../runners/backends/index.js";
import { type Profile, profiles, runId } from "../runners/run/index.js";
import { loadOf, parseIoSizeBytes, parseSizeBytes, workloadOf } from "../workloads/index.js";
import { badOption, list, oneOf, wholeNumber } from "./option-values.js";
import { requestedSlices } from "./requested-slices.js";
import type { GridOptions, SliceOptions } from "./run-options.js";

/** A run as asked for, complete and checked; the host has not been touched. */
export interface RequestedRun {
  readonly id: string;
  readonly profile: string;
  readonly seed: number;
  readonly request: RunRequest;
  /** The directory of the result; absolute. */
  readonly directory: string;
  readonly backends: readonly Backend[];
  /** The user named the backends, so each must be measured. */
  readonly backendsAreRequired: boolean;
  /** Unit costs are measured between the blocks. */
  readonly calibrate: boolean;
}

/** The part of a request that holds where the command line says nothing else. */
export interface RequestDefaults extends Pick<RunRequest, "ioSizesBytes" | "blocks" | "countedBlocks" | "fileSizeBytes"> {
  readonly profile: string;
  readonly workloads: readonly string[];
  readonly caches: readonly CacheState[];
  /** Names of backends; the command line may define more. */
  readonly backends: readonly string[];
  /** Backends that have these names, beside the built-in ones. */
  readonly known: readonly Backend[];
  readonly backendsAreRequired: boolean;
  readonly slices: Profile["slices"];
}

/** A kind of run: its profiles, and the backends that have a name in it. */
export interface RunKind {
  readonly profiles: Readonly<Record<string, Profile>>;
  readonly backends: readonly Backend[];
}

const comparisonKind: RunKind = { profiles, backends: backendNames.map(builtInBackend) };

/**
 * The defaults of a profile.
 *
 * @throws {FusemeterError} `BAD_OPTION` for a profile that does not exist
 */
export function profileDefaults(name: string, kind = comparisonKind): RequestDefaults {
  const profile = kind.profiles[oneOf("profile", name, Object.keys(kind.profiles))]!;
  return {
    ...profile,
    profile: name,
    backends: profile.backends ?? kind.backends.map((backend) => backend.name),
    known: kind.backends,
    backendsAreRequired: false,
    ioSizesBytes: profile.ioSizes.map(parseIoSizeBytes),
    fileSizeBytes: parseSizeBytes(profile.fileSize, "file size"),
  };
}

/** The backends that are named, and every one that the command line defines. */
function backendsOf(options: GridOptions, { backends: usual, known }: RequestDefaults): Backend[] {
  const own = (options.backend ?? []).map(commandBackend);
  const names = options.backends === undefined ? usual : list("backends", options.backends);
  const named = names.map((name) => [...own, ...known].find((backend) => backend.name === name) ?? builtInBackend(name));
  const backends = [...new Set([...named, ...own])];
  const twice = backends.find(({ name }, index) => backends.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined) throw badOption("backend", twice.name, "a name for each backend that no other has");
  return backends;
}

/**
 * Checks the options of a run, and completes them from the defaults.
 *
 * @param now the time for the run's id
 * @throws {FusemeterError} that names the option at fault
 */
export function requestedRun(options: GridOptions & SliceOptions, defaults: RequestDefaults, now: Date): RequestedRun {
  const { profile } = defaults;
  const seed = seedOf(options);
  const id = runId(now, profile);
  const directory = resolve(options.out ?? `results/runs/${id}`);
  const backends = backendsOf(options, defaults);
  const blocks = options.blocks === undefined ? defaults.blocks : wholeNumber("blocks", options.blocks, 1, 10_000);
  const request: RunRequest = {
    backends: backends.map(({ name, kind, command }) => ({ name, command: kind === "command" ? command : null })),
    workloads: options.workloads === undefined ? [...defaults.workloads] : list("workloads", options.workloads),
    ioSizesBytes: options.sizes === undefined ? [...defaults.ioSizesBytes] : list("sizes", options.sizes).map(parseIoSizeBytes),
    caches:
      options.caches === undefined
        ? [...defaults.caches]
        : list("caches", options.caches).map((name) => oneOf("caches", name, cacheState.options)),
    blocks,
    countedBlocks:
      options.countedBlocks === undefined
        ? Math.min(defaults.countedBlocks, blocks)
        : wholeNumber("counted-blocks", options.countedBlocks, 1, blocks),
    ...requestedSlices(options, defaults.slices),
    fileSizeBytes: options.fileSize === undefined ? defaults.fileSizeBytes : parseSizeBytes(options.fileSize, "--file-size"),
    directory: resolve(options.directory ?? directory),
  };
  // A load that can't be run is refused here, before the host is touched.
  for (const workload of request.workloads.map(workloadOf)) {
    for (const ioSizeBytes of request.ioSizesBytes) loadOf(workload, ioSizeBytes, request.fileSizeBytes);
  }
  return {
    id,
    profile,
    seed,
    request,
    directory,
    backends,
    backendsAreRequired: defaults.backendsAreRequired || options.backends !== undefined,
    calibrate: options.calibrate ?? false,
  };
}

/** The seed that is asked for, or a random one. */
export function seedOf({ seed }: Pick<GridOptions, "seed">): number {
  return seed === undefined ? randomInt(2 ** 31) : wholeNumber("seed", seed, 0, 2 ** 31 - 1);
}

/** The request of a run that was stopped, from its result. */
export function resumedRun(run: Run, directory: string, kind = comparisonKind): RequestedRun {
  oneOf("profile", run.profile, Object.keys(kind.profiles));
  const builtIn = (name: string) => kind.backends.find((backend) => backend.name === name) ?? builtInBackend(name);
  return {
    id: run.id,
    profile: run.profile,
    seed: run.seed,
    request: run.request,
    directory: resolve(directory),
    backends: run.request.backends
      .filter(({ name }) => run.backends.find((record) => record.name === name)?.unavailable === null)
      .map(({ name, command }) => (command === null ? builtIn(name) : ownBackend(name, command))),
    backendsAreRequired: true,
    calibrate: false,
  };
}

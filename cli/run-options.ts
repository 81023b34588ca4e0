import { randomInt } from "node:crypto";
import { resolve } from "node:path";
import type { Command } from "commander";
import { cacheState, type Run, type RunRequest } from "../results/index.js";
import { type Backend, backendNames, builtInBackend, commandBackend } from "../runners/backends/index.js";
import { type Profile, profiles } from "../runners/run/index.js";
import { ioSizeNames, loadOf, parseIoSizeBytes, parseSizeBytes, workloadNames, workloadOf } from "../workloads/index.js";
import { badOption, collect, list, oneOf, wholeNumber } from "./option-values.js";

/** The words of `fusemeter run` as they come from the command line. */
export interface RunWords {
  readonly profile: string;
  readonly backends?: string;
  readonly backend?: readonly string[];
  readonly workloads?: string;
  readonly sizes?: string;
  readonly caches?: string;
  readonly blocks?: string;
  readonly countedBlocks?: string;
  readonly fileSize?: string;
  readonly directory?: string;
  readonly seed?: string;
  readonly out?: string;
  readonly calibrate?: boolean;
}

/** Describes the words that say which cells are measured, and where. */
export function addGridOptions(command: Command): Command {
  return command
    .option("--backends <list>", `of ${backendNames.join(", ")} (default: the profile's)`)
    .option("--backend <name=command>", "a backend of your own; may be given again and again", collect)
    .option("--workloads <list>", `of ${workloadNames.join(", ")}`)
    .option("--sizes <list>", `I/O sizes, for instance ${ioSizeNames.join(",")}`)
    .option("--caches <list>", "of cold, warm, hot")
    .option("--file-size <size>", "of each test file")
    .option("--directory <dir>", "where the test files are made (default: the result's directory)")
    .option("--seed <n>", "of the order and of the random reads (default: drawn)");
}

/** A run as asked for: everything checked that can be checked without touching the host. */
export interface Asked {
  readonly id: string;
  readonly profile: string;
  readonly seed: number;
  readonly request: RunRequest;
  /** Where the result goes; absolute. */
  readonly directory: string;
  readonly backends: readonly Backend[];
  /** The user named the backends, so each must be measured. */
  readonly backendsAreNamed: boolean;
  /** Unit costs are measured between the blocks. */
  readonly calibrate: boolean;
}

/** A kind of run: its profiles, and the backends that go by a name in it. */
export interface RunKind {
  readonly profiles: Readonly<Record<string, Profile>>;
  readonly backends: readonly Backend[];
}

const comparisonKind: RunKind = { profiles, backends: backendNames.map(builtInBackend) };

function profileOf(name: string, { profiles }: RunKind): RunKind["profiles"][string] {
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile !== undefined) return profile;
  throw badOption("profile", name, `one of ${Object.keys(profiles).join(", ")}`);
}

/** The built-in backends that were named, or all, and every backend that was defined. */
function backendsOf(words: RunWords, { backends: known, profiles }: RunKind): Backend[] {
  const own = (words.backend ?? []).map(commandBackend);
  const usual = profiles[words.profile]?.backends ?? known.map(({ name }) => name);
  const names = words.backends === undefined ? usual : list("backends", words.backends);
  const named = names.map((name) => [...own, ...known].find((backend) => backend.name === name) ?? builtInBackend(name));
  const backends = [...new Set([...named, ...own])];
  const twice = backends.find(({ name }, index) => backends.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined) throw badOption("backend", twice.name, "a name for each backend that no other has");
  return backends;
}

/**
 * Checks the words of `fusemeter run` and completes them from the profile.
 *
 * @param now of the run's id
 * @throws {FusemeterError} with exit code 2, naming the word that is wrong
 */
export function parseRunWords(words: RunWords, now: Date, kind = comparisonKind): Asked {
  const { profile } = words;
  const defaults = profileOf(profile, kind);
  const seed = words.seed === undefined ? randomInt(2 ** 31) : wholeNumber("seed", words.seed, 0, 2 ** 31 - 1);
  const id = `${now.toISOString().replace(/[-:]|\.\d+/g, "")}-${profile}`;
  const directory = resolve(words.out ?? `results/runs/${id}`);
  const backends = backendsOf(words, kind);
  const blocks = words.blocks === undefined ? defaults.blocks : wholeNumber("blocks", words.blocks, 1, 10_000);
  const request: RunRequest = {
    backends: backends.map(({ name, kind, command }) => ({ name, command: kind === "command" ? command : null })),
    workloads: words.workloads === undefined ? [...defaults.workloads] : list("workloads", words.workloads),
    ioSizesBytes: (words.sizes === undefined ? defaults.ioSizes : list("sizes", words.sizes)).map(parseIoSizeBytes),
    caches:
      words.caches === undefined
        ? [...defaults.caches]
        : list("caches", words.caches).map((name) => oneOf("caches", name, cacheState.options)),
    blocks,
    countedBlocks:
      words.countedBlocks === undefined
        ? Math.min(defaults.countedBlocks, blocks)
        : wholeNumber("counted-blocks", words.countedBlocks, 1, blocks),
    fileSizeBytes: parseSizeBytes(words.fileSize ?? defaults.fileSize, "--file-size"),
    directory: resolve(words.directory ?? directory),
  };
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
    backendsAreNamed: words.backends !== undefined,
    calibrate: words.calibrate ?? false,
  };
}

/** The same run once more, from its result: what it still lacks is to be measured. */
export function askedAgain(run: Run, directory: string, kind = comparisonKind): Asked {
  profileOf(run.profile, kind);
  const builtIn = (name: string) => kind.backends.find((backend) => backend.name === name) ?? builtInBackend(name);
  return {
    id: run.id,
    profile: run.profile,
    seed: run.seed,
    request: run.request,
    directory: resolve(directory),
    backends: run.request.backends
      .filter(({ name }) => run.backends.find((record) => record.name === name)?.unavailable === null)
      .map(({ name, command }) => (command === null ? builtIn(name) : commandBackend(`${name}=${command}`))),
    backendsAreNamed: true,
    calibrate: false,
  };
}

import type { Command } from "commander";
import { placements } from "../results/index.js";
import { backendNames } from "../runners/backends/index.js";
import { ioSizeNames, workloadNames } from "../workloads/index.js";
import { collect } from "./option-values.js";

/** The options that choose the cells of a run, and its place. */
export interface GridOptions {
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

/** The options of the slices of a run. */
export interface SliceOptions {
  readonly slices?: boolean;
  readonly placements?: string;
  readonly precision?: string;
  readonly budget?: string;
}

/** The options of `fusemeter run`, and of `fusemeter readahead` beside its own. */
export interface RunOptions extends GridOptions, SliceOptions {
  readonly profile: string;
  readonly resume?: string;
  readonly json?: boolean;
}

/** Describes the options that choose the cells. */
export function addGridOptions(command: Command, names: readonly string[] = backendNames): Command {
  return command
    .option("--backends <list>", `backends: ${names.join(", ")}`)
    .option("--backend <name=command>", "a backend of your own; may be repeated", collect)
    .option("--workloads <list>", `workloads: ${workloadNames.join(", ")}`)
    .option("--sizes <list>", `I/O sizes, for instance ${ioSizeNames.join(",")}`)
    .option("--caches <list>", "cache states: cold, warm, hot")
    .option("--file-size <size>", "size of each test file")
    .option("--directory <dir>", "place of the test files (default: the result's directory)")
    .option("--seed <n>", "seed for block order and random offsets (default: random)");
}

/** Describes the options that choose the number of blocks. */
export function addBlockOptions(command: Command): Command {
  return command
    .option("--blocks <n>", "number of blocks of fio, and of rounds of slices: exactly so many")
    .option("--counted-blocks <n>", "number of blocks in which every cell is counted as well");
}

/** Describes the options of slices: the bursts in turn from which ratios come. */
export function addSliceOptions(command: Command): Command {
  return command
    .option("--placements <list>", `cores of reader and daemon: ${placements.join(", ")}`)
    .option("--precision <percent>", "half-width of a ratio's interval at which its rounds end")
    .option("--budget <minutes>", "longest time for rounds of slices")
    .option("--no-slices", "take no slices: ratios then come from fio's blocks");
}

/** Describes the options that choose the place of a result, and its form on standard output. */
export function addResultOptions(command: Command, json: string): Command {
  return command
    .option("--out <dir>", "directory of the result (default: results/runs/<id>)")
    .option("--resume <dir>", "continue a run that was stopped, with its own options")
    .option("--json", json);
}

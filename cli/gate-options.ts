import { existsSync } from "node:fs";
import { FusemeterError } from "../errors.js";
import type { DecisionRules } from "../reports/gate/index.js";
import { list, numberAbove, oneOf } from "./option-values.js";
import type { GridOptions, SliceOptions } from "./run-options.js";

/** The options of `fusemeter gate`. */
export interface GateOptions
  extends Omit<GridOptions, "blocks" | "countedBlocks" | "calibrate">,
    Pick<SliceOptions, "placements"> {
  readonly baseline?: string;
  readonly save?: string;
  readonly base?: string;
  readonly head?: string;
  readonly serve?: string;
  readonly result?: string;
  readonly measures: string;
  readonly leastEffect: string;
  readonly budget: string;
  readonly history: string;
  readonly json?: boolean;
}

/** The rules of a gate's decision, and the time that it may take. */
export interface GateRules extends DecisionRules {
  readonly budgetSeconds: number;
}

/** The error of options that don't go together. */
export function badUse(problem: string, remedy: string): FusemeterError {
  return new FusemeterError({ code: "BAD_USE", fault: "use", problem, remedy });
}

/**
 * Checks the options of `fusemeter gate`.
 *
 * @throws {FusemeterError} `BAD_USE`, `BAD_OPTION`
 */
export function checkGateOptions(options: GateOptions): GateRules {
  const { baseline, save, base, head, serve, result } = options;
  if ((base === undefined) !== (head === undefined)) throw badUse("--base and --head go together", "give both");
  const ways = [baseline, save, base].filter((option) => option !== undefined).length;
  if (ways !== 1) {
    throw badUse(
      ways === 0 ? "there is nothing to compare with" : "a gate compares with one thing",
      "give one of --baseline FILE, --save FILE, or --base DIR --head DIR",
    );
  }
  if (serve !== undefined && base === undefined)
    throw badUse("--serve goes with --base and --head", "define a backend: --backend NAME=COMMAND");
  if (serve !== undefined && !["{source}", "{mountpoint}"].every((place) => serve.includes(place))) {
    throw badUse(`--serve "${serve}" mounts nothing`, "write {source} and {mountpoint} where the daemon takes them");
  }
  if (base !== undefined && (options.backends ?? options.backend?.length ?? 0) !== 0) {
    throw badUse("--base and --head are the backends", "leave --backend and --backends out");
  }
  for (const directory of result === undefined ? [base, head] : []) {
    if (directory !== undefined && !existsSync(directory))
      throw badUse(`${directory} does not exist`, "give the directory of a build");
  }
  return {
    kinds: new Set(list("measures", options.measures).map((name) => oneOf("measures", name, ["counts", "times"]))),
    leastRatio: 1 + numberAbove("least-effect", options.leastEffect, 0, 1000) / 100,
    budgetSeconds: numberAbove("budget", options.budget, 0, 24 * 60) * 60,
  };
}

/** The options of a run whose slices the gate's rules ask for. Its rounds are the gate's own: no precision ends them. */
export function withSlices(options: GateOptions, { kinds }: GateRules): GateOptions & SliceOptions {
  return { ...options, slices: kinds.has("times") };
}

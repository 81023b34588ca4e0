import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { FusemeterError } from "../errors.js";
import type { DecisionRules, HeadPair } from "../reports/gate/index.js";
import type { BaselineEntry } from "../results/index.js";
import { backendNames } from "../runners/backends/index.js";
import { shellQuoted } from "../runners/processes/index.js";
import { formatSize } from "../workloads/index.js";
import { list, numberAbove, oneOf } from "./option-values.js";
import type { RunWords } from "./run-options.js";

/** The words of `fusemeter gate` as they come from the command line. */
export interface GateWords extends Omit<RunWords, "profile" | "blocks" | "countedBlocks" | "calibrate"> {
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

/** What a gate goes by. */
export interface GateRules extends DecisionRules {
  readonly budgetSeconds: number;
}

function badUse(problem: string, remedy: string): FusemeterError {
  return new FusemeterError({ code: "BAD_USE", fault: "use", problem, remedy });
}

/**
 * Checks the words of `fusemeter gate`.
 *
 * @throws {FusemeterError} with exit code 2
 */
export function checkGateWords(words: GateWords): GateRules {
  const { baseline, save, base, head, serve, result } = words;
  if ((base === undefined) !== (head === undefined)) throw badUse("--base and --head go together", "give both");
  const ways = [baseline, save, base].filter((word) => word !== undefined).length;
  if (ways !== 1) {
    throw badUse(
      ways === 0 ? "there is nothing to compare with" : "a gate compares with one thing",
      "give one of --baseline FILE, --save FILE, or --base DIR --head DIR",
    );
  }
  if (serve !== undefined && base === undefined)
    throw badUse("--serve goes with --base and --head", "define a backend: --backend NAME=COMMAND");
  if (serve !== undefined && !["{source}", "{mountpoint}"].every((word) => serve.includes(word))) {
    throw badUse(`--serve "${serve}" mounts nothing`, "write {source} and {mountpoint} where the daemon takes them");
  }
  if (base !== undefined && (words.backends ?? words.backend?.length ?? 0) !== 0) {
    throw badUse("--base and --head are the backends", "leave --backend and --backends out");
  }
  for (const directory of result === undefined ? [base, head] : []) {
    if (directory !== undefined && !existsSync(directory))
      throw badUse(`${directory} does not exist`, "give the directory of a build");
  }
  return {
    kinds: new Set(list("measures", words.measures).map((name) => oneOf("measures", name, ["counts", "times"]))),
    leastRatio: 1 + numberAbove("least-effect", words.leastEffect, 0, 1000) / 100,
    budgetSeconds: numberAbove("budget", words.budget, 0, 24 * 60) * 60,
  };
}

/** A baseline says what is to be measured; what the user asks for goes before. */
export function wordsOfBaseline(words: GateWords, { cells, fileSizeBytes, backends }: BaselineEntry): GateWords {
  const all = <T>(pick: (cell: (typeof cells)[number]) => T) => [...new Set(cells.map(pick))].join(",");
  const defined = (words.backend ?? []).map((definition) => definition.split("=")[0]!);
  const missing = backends.find(({ name }) => !backendNames.includes(name) && !defined.includes(name));
  if (words.backends === undefined && words.result === undefined && missing !== undefined) {
    throw badUse(
      `the baseline has the backend ${missing.name}, of which this command knows nothing`,
      `define it: --backend '${missing.name}=${missing.command}'; or choose with --backends`,
    );
  }
  return {
    backends: backends.map(({ name }) => name).join(","),
    workloads: all(({ workload }) => workload),
    sizes: all(({ ioSizeBytes }) => formatSize(ioSizeBytes)),
    caches: all(({ cache }) => cache),
    fileSize: formatSize(fileSizeBytes),
    ...words,
  };
}

/** How a checkout of fusemeter itself mounts, by the name that its comparison gets. */
const ownServe: Readonly<Record<string, string>> = {
  fuse: "node {dir}/bin/fusemeter.js mount --mode daemon {source} {mountpoint}",
  passthrough: "node {dir}/bin/fusemeter.js mount --mode passthrough {source} {mountpoint}",
};

function servesOf({ serve }: GateWords): Readonly<Record<string, string>> {
  return serve === undefined ? ownServe : { daemon: serve };
}

/** What is compared with what where base and head are interleaved. */
export function headPairs(words: GateWords): HeadPair[] {
  return Object.keys(servesOf(words)).map((name) => ({ name, base: `base-${name}`, head: `head-${name}` }));
}

/** The backends of base and head, as if the user had defined them. */
export function headWords(words: GateWords): GateWords {
  const quoted = (directory: string) => shellQuoted(resolve(directory));
  const definitions = Object.entries(servesOf(words)).flatMap(([name, serve]) => [
    `base-${name}=${serve.replaceAll("{dir}", quoted(words.base!))}`,
    `head-${name}=${serve.replaceAll("{dir}", quoted(words.head!))}`,
  ]);
  return { ...words, backends: "native", backend: definitions };
}

import { randomInt } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { type ClaimId, type ClaimRow, claims, claimsReport } from "../reports/claims/index.js";
import { claimsPage, claimsSummary, writePage } from "../reports/pages/index.js";
import { type Run, SCHEMA } from "../results/index.js";
import { shellQuoted } from "../runners/processes/index.js";
import { type PreparedRun, prepareRun } from "../runners/run/index.js";
import {
  gatherEvidence,
  readaheadBackends,
  requestOf,
  type StudyName,
  type StudySize,
  studyNames,
} from "../runners/studies/index.js";
import { exitCodeOf, type Outcome } from "./exit-codes.js";
import { reportReleaseFailures } from "./failures.js";
import { abortOnSignals, endingSignal } from "./interruption.js";
import { badOption, list, oneOf, wholeNumber } from "./option-values.js";
import { ProgressLine } from "./progress-line.js";

const profiles: Readonly<Record<string, StudySize>> = {
  quick: { blocks: 3, countedBlocks: 1, fileSizeBytes: 128 * 2 ** 20 },
  full: { blocks: 15, countedBlocks: 2, fileSizeBytes: 1024 * 2 ** 20 },
};

interface Options {
  readonly profile: string;
  readonly only?: string;
  readonly directory?: string;
  readonly seed?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export function describe(command: Command): void {
  command
    .summary("published claims about the cost of FUSE, measured on this host")
    .description(
      "Measures published claims about the cost of FUSE: from mails about FUSE passthrough and Incremental FS, and from the paper of FAST 2017. " +
        "Each claim gets a verdict, a figure with its interval, and the command that repeats it.",
    )
    .option("--profile <name>", `amount of work: ${Object.keys(profiles).join(", ")}`, "quick")
    .option("--only <list>", `claims to measure (default: all): ${claims.map(({ id }) => id).join(", ")}`)
    .option("--directory <dir>", "directory for test files (default: the result's directory)")
    .option("--seed <n>", "seed for block order and random offsets (default: random)")
    .option("--out <dir>", "directory for the results (default: results/runs/<id>)")
    .option("--json", "print the claims as JSON instead of the tables")
    .addHelpText("after", "\nExamples:\n  sudo fusemeter claims\n  sudo fusemeter claims --only transitions,switches --json")
    .action(async (options: Options) => {
      process.exitCode = exitCodeOf(await run(options));
    });
}

function idsOf(only: string | undefined): ClaimId[] {
  const known = claims.map(({ id }) => id);
  if (only === undefined) return known;
  return list("only", only).map((name) => oneOf("only", name, known));
}

interface Asked {
  readonly id: string;
  readonly ids: readonly ClaimId[];
  readonly studies: readonly StudyName[];
  readonly size: StudySize;
  readonly seed: number;
  readonly out: string;
  readonly directory: string;
  /** Options of the command that repeats one row, each after a space. */
  readonly repeatOptions: string;
}

function ask(options: Options): Asked {
  const size = Object.hasOwn(profiles, options.profile) ? profiles[options.profile] : undefined;
  if (size === undefined) throw badOption("profile", options.profile, `one of ${Object.keys(profiles).join(", ")}`);
  const ids = idsOf(options.only);
  // Typed: a claim whose study does not exist does not compile here.
  const needed: StudyName[] = claims.filter(({ id }) => ids.includes(id)).flatMap(({ studies }) => [...studies]);
  const id = `${new Date().toISOString().replace(/[-:]|\.\d+/g, "")}-claims`;
  const seed = options.seed === undefined ? randomInt(2 ** 31) : wholeNumber("seed", options.seed, 0, 2 ** 31 - 1);
  const out = resolve(options.out ?? `results/runs/${id}`);
  return {
    id,
    ids,
    studies: studyNames.filter((name) => needed.includes(name)),
    size,
    seed,
    out,
    directory: resolve(options.directory ?? out),
    repeatOptions: repeatOptions(options, seed),
  };
}

function repeatOptions({ profile, directory }: Options, seed: number): string {
  return [
    ` --seed ${seed}`,
    profile === "quick" ? "" : ` --profile ${profile}`,
    directory === undefined ? "" : ` --directory ${shellQuoted(resolve(directory))}`,
  ].join("");
}

/** The host and the request, as a result without samples. */
function frameOf({ id, size, seed, directory, studies }: Asked, { host, records }: PreparedRun): Run {
  return {
    schema: SCHEMA,
    id,
    startedAt: new Date().toISOString(),
    profile: "claims",
    seed,
    complete: true,
    request: requestOf(studies, size, directory),
    host,
    backends: [...records],
    cells: [],
    calibration: null,
  };
}

async function measure(asked: Asked, signal: AbortSignal): Promise<{ frame: Run; rows: ClaimRow[]; failures: string[] }> {
  using line = new ProgressLine();
  const request = requestOf(asked.studies, asked.size, asked.directory);
  const backends = request.backends.map(({ name }) => readaheadBackends.find((backend) => backend.name === name)!);
  await using prepared = await prepareRun(request, backends, {
    backendsAreNamed: false,
    signal,
    onPhase: (phase) => line.note(phase),
  });
  const failures = prepared.records.flatMap(({ name, unavailable }) =>
    unavailable === null ? [] : [`${name} was left out: ${unavailable}`],
  );
  const evidence = await gatherEvidence(asked.studies, {
    ...asked,
    prepared,
    signal,
    onPhase: (phase) => line.note(phase),
    onProgress: (progress) => line.show(progress),
    onFailure: (failure) => failures.push(failure),
  });
  return { frame: frameOf(asked, prepared), rows: claimsReport(evidence, asked.ids, asked.repeatOptions), failures };
}

async function run(options: Options): Promise<Outcome> {
  const asked = ask(options);
  const signal = abortOnSignals();
  try {
    const { frame, rows, failures } = await measure(asked, signal);
    await writePage(claimsPage(frame, rows, failures), {}, asked.out, ["html", "md"]);
    const json = `${JSON.stringify({ claims: rows }, null, 1)}\n`;
    await writeFile(join(asked.out, "claims.json"), json);
    console.log(options.json === true ? json.trimEnd() : claimsSummary(rows, join(asked.out, "report.html")));
    for (const failure of failures) console.error(`failed: ${failure}`);
    return "done";
  } catch (error) {
    const ending = endingSignal(signal);
    if (ending === null) throw error;
    reportReleaseFailures(error);
    console.error(`fusemeter: ended by ${ending}; the claims were not judged`);
    return ending;
  }
}

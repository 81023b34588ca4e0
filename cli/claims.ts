import { randomInt } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { messageOf } from "../errors.js";
import { type ClaimId, claims, type LedgerRow, ledger } from "../reports/claims/index.js";
import { ledgerPage, ledgerSummary, writePage } from "../reports/pages/index.js";
import { type Evidence, type Run, SCHEMA, type StudyName, studyNames } from "../results/index.js";
import { type PreparedRun, prepareRun } from "../runners/run/index.js";
import {
  mixedIoStudy,
  perInodeStudy,
  readaheadBackends,
  requestOf,
  runStudy,
  type StudySize,
  stackingStudy,
  stormStudy,
} from "../runners/studies/index.js";

import { abortOnSignals, endingSignal, exitCodeOf } from "./interruption.js";
import { badOption, wholeNumber } from "./option-values.js";
import { ProgressLine } from "./progress-line.js";
import { list } from "./run-options.js";

const profiles: Readonly<Record<string, StudySize>> = {
  quick: { blocks: 3, countedBlocks: 1, fileSizeBytes: 128 * 2 ** 20 },
  full: { blocks: 15, countedBlocks: 2, fileSizeBytes: 1024 * 2 ** 20 },
};

interface Words {
  readonly profile: string;
  readonly only?: string;
  readonly directory?: string;
  readonly seed?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export function describe(command: Command): void {
  command
    .summary("what was claimed about FUSE's cost, and what this host measures")
    .description(
      "Measures every sentence that the mails about FUSE passthrough and Incremental FS, and the paper of FAST 2017, claim: " +
        "each gets a verdict, a figure with its interval, and the command that repeats it.",
    )
    .option("--profile <name>", `how much is measured: ${Object.keys(profiles).join(", ")}`, "quick")
    .option("--only <list>", `of ${claims.map(({ id }) => id).join(", ")}`)
    .option("--directory <dir>", "where the test files are made (default: the result's directory)")
    .option("--seed <n>", "of the order and of the random reads (default: drawn)")
    .option("--out <dir>", "where the results go (default: results/runs/<id>)")
    .option("--json", "print the claims as JSON instead of the tables")
    .addHelpText("after", "\nExamples:\n  sudo fusemeter claims\n  sudo fusemeter claims --only transitions,switches --json")
    .action(async (words: Words) => {
      process.exitCode = await run(words);
    });
}

function idsOf(only: string | undefined): ClaimId[] {
  const known = claims.map(({ id }) => id);
  if (only === undefined) return known;
  return list("only", only).map((name) => {
    const id = known.find((candidate) => candidate === name);
    if (id === undefined) throw badOption("only", `"${name}"`, `choose from ${known.join(", ")}`);
    return id;
  });
}

interface Asked {
  readonly id: string;
  readonly ids: readonly ClaimId[];
  readonly studies: readonly StudyName[];
  readonly size: StudySize;
  readonly seed: number;
  readonly out: string;
  readonly directory: string;
  /** What a command that repeats one row must say as well. */
  readonly words: string;
}

function ask(words: Words): Asked {
  const size = Object.hasOwn(profiles, words.profile) ? profiles[words.profile] : undefined;
  if (size === undefined) throw badOption("profile", `"${words.profile}"`, `choose from ${Object.keys(profiles).join(", ")}`);
  const ids = idsOf(words.only);
  const needed = new Set<string>(claims.filter(({ id }) => ids.includes(id)).flatMap(({ needs }) => needs));
  const id = `${new Date().toISOString().replace(/[-:]|\.\d+/g, "")}-claims`;
  const seed = words.seed === undefined ? randomInt(2 ** 31) : wholeNumber("seed", words.seed, 0, 2 ** 31 - 1);
  const out = resolve(words.out ?? `results/runs/${id}`);
  return {
    id,
    ids,
    studies: studyNames.filter((name) => needed.has(name)),
    size,
    seed,
    out,
    directory: resolve(words.directory ?? out),
    words: repeatWords(words, seed),
  };
}

function repeatWords({ profile, directory }: Words, seed: number): string {
  const quoted = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
  return [
    ` --seed ${seed}`,
    profile === "quick" ? "" : ` --profile ${profile}`,
    directory === undefined ? "" : ` --directory ${quoted(resolve(directory))}`,
  ].join("");
}

/** What the host is, as a result without samples. */
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

async function gather(
  asked: Asked,
  prepared: PreparedRun,
  failures: string[],
  signal: AbortSignal,
  line: ProgressLine,
): Promise<Evidence> {
  const runs: Run[] = [];
  const has = (name: StudyName) => asked.studies.includes(name);
  for (const name of asked.studies) {
    const run = await runStudy(
      name,
      {
        prepared,
        size: asked.size,
        seed: asked.seed,
        directory: asked.out,
        signal,
        onProgress: (progress) => line.show(progress),
        onFailure: (failure) => failures.push(failure),
      },
      async (path) => void (await mkdir(path, { recursive: true })),
    );
    if (run !== null) runs.push(run);
  }
  /** A study that fails leaves its claims untested, and says why. */
  const attempt = async <T>(name: StudyName, study: (directory: string, signal: AbortSignal) => Promise<T[]>): Promise<T[]> => {
    if (!has(name)) return [];
    line.note(`trying ${name}`);
    try {
      return await study(asked.directory, signal);
    } catch (error) {
      signal.throwIfAborted();
      failures.push(`${name}: ${messageOf(error)}`);
      return [];
    }
  };
  return {
    runs,
    storms: await attempt("storms", stormStudy),
    stacking: await attempt("stacking", stackingStudy),
    perInode: await attempt("per-inode", perInodeStudy),
    mixedIo: await attempt("mixed-io", mixedIoStudy),
  };
}

async function measure(asked: Asked, signal: AbortSignal): Promise<{ frame: Run; rows: LedgerRow[]; failures: string[] }> {
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
  const evidence = await gather(asked, prepared, failures, signal, line);
  return { frame: frameOf(asked, prepared), rows: ledger(evidence, asked.ids, asked.words), failures };
}

async function run(words: Words): Promise<number> {
  const asked = ask(words);
  const signal = abortOnSignals();
  try {
    const { frame, rows, failures } = await measure(asked, signal);
    await writePage(ledgerPage(frame, rows, failures), {}, asked.out, ["html", "md"]);
    const json = `${JSON.stringify({ claims: rows }, null, 1)}\n`;
    await writeFile(join(asked.out, "claims.json"), json);
    console.log(words.json === true ? json.trimEnd() : ledgerSummary(rows, join(asked.out, "report.html")));
    for (const failure of failures) console.error(`failed: ${failure}`);
    return 0;
  } catch (error) {
    const ending = endingSignal(signal);
    if (ending === null) throw error;
    console.error(`fusemeter: ended by ${ending}; the claims were not judged`);
    return exitCodeOf[ending];
  }
}

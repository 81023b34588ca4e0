import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { type ClaimId, type ClaimRow, claims, claimsReport } from "../reports/claims/index.js";
import { claimsPage, claimsSummary, writePage } from "../reports/pages/index.js";
import type { Run } from "../results/index.js";
import { shellQuoted } from "../runners/processes/index.js";
import { newRun, runId } from "../runners/run/index.js";
import {
  gatherEvidence,
  readaheadBackends,
  requestOf,
  type StudyName,
  type StudySize,
  studyNames,
} from "../runners/studies/index.js";
import { exitCodeOf, type Outcome } from "./exit-codes.js";
import { prepare, type Session, withRun } from "./measuring.js";
import { list, oneOf } from "./option-values.js";
import { seedOf } from "./requested-run.js";

const profiles: Readonly<Record<string, StudySize>> = {
  quick: { blocks: 1, countedBlocks: 1, fileSizeBytes: 128 * 2 ** 20, sliceRounds: 5 },
  full: { blocks: 15, countedBlocks: 2, fileSizeBytes: 1024 * 2 ** 20, sliceRounds: 20 },
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
    .summary("test published claims about the cost of FUSE")
    .description(
      "Measures the claims of the mails about FUSE passthrough and Incremental FS, and of the paper of FAST 2017. " +
        "Each claim gets a verdict, a figure with its interval, and the command that repeats it.",
    )
    .option("--profile <name>", `amount of work: ${Object.keys(profiles).join(", ")}`, "quick")
    .option("--only <list>", `claims to test (default: all): ${claims.map(({ id }) => id).join(", ")}`)
    .option("--directory <dir>", "place of the test files (default: the result's directory)")
    .option("--seed <n>", "seed for block order and random offsets (default: random)")
    .option("--out <dir>", "directory of the results (default: results/runs/<id>)")
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

/** The checked options: the claims, and the studies that they need. */
interface Plan {
  readonly id: string;
  readonly ids: readonly ClaimId[];
  readonly studies: readonly StudyName[];
  readonly size: StudySize;
  readonly seed: number;
  readonly out: string;
  readonly directory: string;
  /** The options of a command that repeats one claim, beside its name. */
  readonly repeat: string;
}

function planOf(options: Options): Plan {
  const profile = oneOf("profile", options.profile, Object.keys(profiles));
  const ids = idsOf(options.only);
  // Typed: a claim whose study does not exist does not compile here.
  const needed: StudyName[] = claims.filter(({ id }) => ids.includes(id)).flatMap(({ studies }) => [...studies]);
  const id = runId(new Date(), "claims");
  const seed = seedOf(options);
  const out = resolve(options.out ?? `results/runs/${id}`);
  return {
    id,
    ids,
    studies: studyNames.filter((name) => needed.includes(name)),
    size: profiles[profile]!,
    seed,
    out,
    directory: resolve(options.directory ?? out),
    repeat: repeatOptions(options, seed),
  };
}

function repeatOptions({ profile, directory }: Options, seed: number): string {
  return [
    ` --seed ${seed}`,
    profile === "quick" ? "" : ` --profile ${profile}`,
    directory === undefined ? "" : ` --directory ${shellQuoted(resolve(directory))}`,
  ].join("");
}

interface Judged {
  /** The host and the request, as a result without samples. */
  readonly frame: Run;
  readonly rows: readonly ClaimRow[];
  readonly failures: readonly string[];
}

async function judgeClaims({ id, ids, studies, size, seed, out, directory, repeat }: Plan, session: Session): Promise<Judged> {
  const { signal, line } = session;
  const request = requestOf(studies, size, directory);
  const backends = request.backends.map(({ name }) => readaheadBackends.find((backend) => backend.name === name)!);
  await using prepared = await prepare({ request, backends, backendsAreRequired: false, directory: out }, session);
  const failures = prepared.records.flatMap(({ name, unavailable }) =>
    unavailable === null ? [] : [`${name} was left out: ${unavailable}`],
  );
  const evidence = await gatherEvidence(studies, {
    prepared,
    size,
    seed,
    directory,
    out,
    signal,
    onProgress: (progress) => line.show(progress),
    onPhase: (phase) => line.note(phase),
    onFailure: (failure) => failures.push(failure),
  });
  signal.throwIfAborted();
  const frame = { ...newRun({ id, profile: "claims", seed, request }, prepared), complete: true };
  return { frame, rows: claimsReport(evidence, ids, repeat), failures };
}

async function run(options: Options): Promise<Outcome> {
  const plan = planOf(options);
  return withRun({
    measure: (session) => judgeClaims(plan, session),
    async tell({ frame, rows, failures }) {
      await writePage(claimsPage(frame, rows, failures), {}, plan.out, ["html", "md"]);
      const json = `${JSON.stringify({ claims: rows }, null, 1)}\n`;
      await writeFile(join(plan.out, "claims.json"), json);
      console.log(options.json === true ? json.trimEnd() : claimsSummary(rows, join(plan.out, "report.html")));
      for (const failure of failures) console.error(`failed: ${failure}`);
      return "done";
    },
    whenEnded: () => "the claims were not judged",
  });
}

import type { Command } from "commander";
import { FusemeterError } from "../errors.js";
import { unitTable } from "../reports/model/index.js";
import { terminal } from "../reports/tables/index.js";
import { type Calibration, readRun, writeRun } from "../results/index.js";
import { Calibrator } from "../runners/calibrate/index.js";
import { makeWorkspace } from "../runners/files/index.js";
import { hostFacts } from "../runners/host/index.js";
import { fioVersion } from "../runners/loads/index.js";
import { parseSizeBytes } from "../workloads/index.js";
import { exitCodeOf, type Outcome } from "./exit-codes.js";
import { type Session, withRun } from "./measuring.js";
import { wholeNumber } from "./option-values.js";
import { seedOf } from "./requested-run.js";
import { checkWritable } from "./writable.js";

interface Options {
  readonly rounds: string;
  readonly fileSize: string;
  readonly directory: string;
  readonly seed?: string;
  readonly into?: string;
  readonly json?: boolean;
}

export function describe(command: Command): void {
  command
    .summary("measure the unit costs of this host: a call, a switch, a copied byte")
    .description(
      "Measures the unit costs of this host: a system call, a page fault, a context switch, a wake-up and a copied byte. " +
        "Also a read of a cached page, and an empty FUSE round trip over each transport. The model in a report uses them.",
    )
    .option("--rounds <n>", "number of measurements of each unit", "9")
    .option("--file-size <size>", "size of the test file", "256MB")
    .option("--directory <dir>", "place of the test file", ".")
    .option("--seed <n>", "seed for the order and random offsets (default: random)")
    .option("--into <dir>", "store the calibration in this result of the same host")
    .option("--json", "print the calibration as JSON instead of a table")
    .addHelpText(
      "after",
      "\nTo calibrate between the blocks of a run, use: fusemeter run --calibrate\n\nExample:\n  sudo fusemeter calibrate --rounds 25",
    )
    .action(async (options: Options) => {
      process.exitCode = exitCodeOf(await calibrate(options));
    });
}

/** The checked options of a calibration. */
interface Plan {
  readonly rounds: number;
  readonly seed: number;
  readonly fileSizeBytes: number;
  readonly directory: string;
}

async function takeRounds({ rounds, directory, ...sizes }: Plan, { signal, line }: Session): Promise<Calibration> {
  await fioVersion();
  await using workspace = await makeWorkspace(directory);
  let round = 0;
  const onPhase = (phase: string) => line.note(`round ${round}/${rounds}: ${phase}`);
  const calibrator = new Calibrator({ ...sizes, workspace, signal, onPhase }, null);
  while (round++ < rounds) await calibrator.round();
  return calibrator.calibration;
}

/** The unit costs of one host don't explain the times of another. */
async function checkHost(result: string, directory: string): Promise<void> {
  const { host } = await readRun(result);
  if (host.fingerprint === (await hostFacts(directory)).fingerprint) return;
  throw new FusemeterError({
    code: "OTHER_HOST",
    fault: "use",
    problem: `the calibration can't be kept with ${result}`,
    reason: `it was measured on another host or disk (${host.kernel}, ${host.cpu}, ${host.device})`,
    remedy: "calibrate that host, with --directory on the same filesystem",
  });
}

async function calibrate(options: Options): Promise<Outcome> {
  const { into, directory } = options;
  const plan = {
    rounds: wholeNumber("rounds", options.rounds, 1, 10_000),
    seed: seedOf(options),
    fileSizeBytes: parseSizeBytes(options.fileSize, "--file-size"),
    directory,
  };
  if (into !== undefined) {
    await checkHost(into, directory);
    checkWritable(into, "into");
  }
  return withRun({
    measure: (session) => takeRounds(plan, session),
    async tell(calibration) {
      if (into !== undefined) await writeRun(into, { ...(await readRun(into)), calibration });
      if (options.json === true) console.log(JSON.stringify(calibration, null, 1));
      else {
        const { grid, notes } = unitTable(calibration);
        console.log([terminal(grid, ["l", "r", "l", "r", "l"]), ...notes.map((note) => `  ${note}`)].join("\n"));
      }
      return "done";
    },
    whenEnded: () => "nothing was written",
  });
}

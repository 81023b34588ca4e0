import { randomInt } from "node:crypto";
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
import { reportReleaseFailures } from "./failures.js";
import { abortOnSignals, endingSignal } from "./interruption.js";
import { wholeNumber } from "./option-values.js";
import { ProgressLine } from "./progress-line.js";

interface Words {
  readonly rounds: string;
  readonly fileSize: string;
  readonly directory: string;
  readonly seed?: string;
  readonly into?: string;
  readonly json?: boolean;
}

export function describe(command: Command): void {
  command
    .summary("what one call, one switch, one copied byte costs on this host")
    .description(
      "Measures the unit costs of this host: a system call, a page fault, a context switch, a wake-up, a copied byte, a read of a " +
        "cached page, and a FUSE round trip with nothing behind it, over each transport. The model in a report is made of them.",
    )
    .option("--rounds <n>", "how often each unit is measured", "9")
    .option("--file-size <size>", "of the test file", "256MB")
    .option("--directory <dir>", "where the test file is made", ".")
    .option("--seed <n>", "of the order and of the random reads (default: drawn)")
    .option("--into <dir>", "keep the calibration with this result of the same host, and replace the one that it has")
    .option("--json", "print the calibration as JSON instead of a table")
    .addHelpText(
      "after",
      "\nExample:\n  sudo fusemeter calibrate --rounds 25\n\nA run calibrates between its blocks with: fusemeter run --calibrate",
    )
    .action(async (words: Words) => {
      process.exitCode = exitCodeOf(await calibrate(words));
    });
}

async function takeRounds(words: Words, signal: AbortSignal): Promise<Calibration> {
  const rounds = wholeNumber("rounds", words.rounds, 1, 10_000);
  const seed = words.seed === undefined ? randomInt(2 ** 31) : wholeNumber("seed", words.seed, 0, 2 ** 31 - 1);
  const fileSizeBytes = parseSizeBytes(words.fileSize, "--file-size");
  await fioVersion();
  using line = new ProgressLine();
  await using workspace = await makeWorkspace(words.directory);
  let round = 0;
  const onPhase = (phase: string) => line.note(`round ${round}/${rounds}: ${phase}`);
  const calibrator = new Calibrator({ workspace, fileSizeBytes, seed, signal, onPhase }, null);
  while (round++ < rounds) await calibrator.round();
  return calibrator.calibration;
}

/** Unit costs of one host explain no other's times. */
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

async function calibrate(words: Words): Promise<Outcome> {
  if (words.into !== undefined) await checkHost(words.into, words.directory);
  const signal = abortOnSignals();
  let calibration: Calibration;
  try {
    calibration = await takeRounds(words, signal);
  } catch (error) {
    const ending = endingSignal(signal);
    if (ending === null) throw error;
    reportReleaseFailures(error);
    console.error(`fusemeter: ended by ${ending}; nothing was written`);
    return ending;
  }
  if (words.into !== undefined) await writeRun(words.into, { ...(await readRun(words.into)), calibration });
  if (words.json === true) console.log(JSON.stringify(calibration, null, 1));
  else {
    const { grid, notes } = unitTable(calibration);
    console.log([terminal(grid, ["l", "r", "l", "r", "l"]), ...notes.map((note) => `  ${note}`)].join("\n"));
  }
  return "done";
}

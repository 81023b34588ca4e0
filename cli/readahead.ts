import type { Command } from "commander";
import { pricePage, priceSummary, writePage } from "../reports/pages/index.js";
import { priceCsv, priceRecords, type Rates } from "../reports/prices/index.js";
import { type ReadaheadSetting, type Run, readRun } from "../results/index.js";
import { everyWindow, knobs, readaheadBackends, readaheadProfiles, settingsOf } from "../runners/studies/index.js";
import { parseSizeBytes } from "../workloads/index.js";
import { exitCodeOf, type Outcome } from "./exit-codes.js";
import { reportReleaseFailures } from "./failures.js";
import { abortOnSignals, endingSignal } from "./interruption.js";
import { sayLeftOut } from "./left-out.js";
import { badOption, collect, list, numberAbove, oneOf } from "./option-values.js";
import { ProgressLine } from "./progress-line.js";
import { measureAll } from "./run.js";
import { type Asked, askedAgain, parseRunWords, type RunKind, type RunWords } from "./run-options.js";

interface Words extends RunWords {
  readonly windows?: string;
  readonly knobs?: string;
  readonly usdPerCoreHour?: string;
  readonly wattsPerCore?: string;
  readonly resume?: string;
  readonly json?: boolean;
}

const kind: RunKind = { profiles: readaheadProfiles, backends: readaheadBackends };

export function describe(command: Command): void {
  command
    .summary("the price of readahead being off")
    .description(
      "Reads the same files with readahead windows of several sizes and tells what each costs a GiB: requests, trips into the " +
        "kernel, CPU time, wall time. The windows are put back at the end, and after a kill by the next command.",
    )
    .option("--profile <name>", `how much is measured: ${Object.keys(readaheadProfiles).join(", ")}`, "quick")
    .option("--windows <list>", "readahead windows: off, 4KB, 16KB, … (default: the profile's)")
    .option("--knobs <list>", `whose window, and what else is set: of ${knobs.join(", ")} (default: the profile's)`)
    .option("--backends <list>", `of ${readaheadBackends.map(({ name }) => name).join(", ")}`)
    .option("--backend <name=command>", "a backend of your own; may be given again and again", collect)
    .option("--workloads <list>", "as for run")
    .option("--sizes <list>", "as for run")
    .option("--caches <list>", "of cold, warm, hot")
    .option("--blocks <n>", "how often each cell is timed")
    .option("--counted-blocks <n>", "in how many of them it is counted as well")
    .option("--file-size <size>", "of each test file")
    .option("--directory <dir>", "where the test files are made: its block device's window is set (default: the result's)")
    .option("--seed <n>", "of the order and of the random reads (default: drawn)")
    .option("--out <dir>", "where the result goes (default: results/runs/<id>)")
    .option("--resume <dir>", "go on with a run that was stopped; the other options are those of that run")
    .option("--usd-per-core-hour <usd>", "what an hour of a core costs: adds a price in money")
    .option("--watts-per-core <watts>", "what a busy core takes: adds a price in joules")
    .option("--json", "print the prices as JSON instead of the tables")
    .addHelpText(
      "after",
      `
Examples:
  sudo fusemeter readahead
  sudo fusemeter readahead --windows off,128KB --caches warm --usd-per-core-hour 0.04
  sudo fusemeter readahead --profile full --directory /mnt/ssd --out readahead-ssd`,
    )
    .action(async (words: Words) => {
      process.exitCode = exitCodeOf(await readahead(words));
    });
}

function rateOf(name: string, text: string | undefined): number | null {
  return text === undefined ? null : numberAbove(name, text, 0);
}

function windowOf(text: string): number {
  const kiB = text === "off" || text === "0" ? 0 : parseSizeBytes(text, "--windows") / 1024;
  if (Number.isInteger(kiB) && kiB % 4 === 0 && kiB <= 1024 ** 2) return kiB;
  throw badOption("windows", text, "off, or multiples of 4KB up to 1GB");
}

function settingsAsked(words: Words): ReadaheadSetting[] {
  const profile = readaheadProfiles[words.profile];
  if (words.windows === undefined && words.knobs === undefined) return [...(profile?.settings ?? [])];
  const asked =
    words.knobs === undefined
      ? (["mount", "device", "both"] as const)
      : list("knobs", words.knobs).map((name) => oneOf("knobs", name, knobs));
  return settingsOf(asked, words.windows === undefined ? everyWindow : list("windows", words.windows).map(windowOf));
}

function ask(words: Words): Asked {
  const asked = parseRunWords(words, new Date(), kind);
  return { ...asked, request: { ...asked.request, readahead: settingsAsked(words) } };
}

async function report(run: Run, directory: string, rates: Rates): Promise<void> {
  const { windows, prices } = priceCsv(run, rates);
  sayLeftOut(await writePage(pricePage(run, rates), { "windows.csv": windows, "prices.csv": prices }, directory));
}

/** Takes the samples, writes the result and its report, prints the price list. */
async function readahead(words: Words): Promise<Outcome> {
  const rates: Rates = {
    usdPerCoreHour: rateOf("usd-per-core-hour", words.usdPerCoreHour),
    wattsPerCore: rateOf("watts-per-core", words.wattsPerCore),
  };
  const earlier = words.resume === undefined ? null : await readRun(words.resume);
  const asked = earlier === null ? ask(words) : askedAgain(earlier, words.resume!, kind);
  const signal = abortOnSignals();
  let run: Run;
  {
    using line = new ProgressLine();
    try {
      run = await measureAll(asked, earlier, signal, line);
    } catch (error) {
      const ending = endingSignal(signal);
      if (ending === null) throw error;
      reportReleaseFailures(error);
      console.error(`fusemeter: ended by ${ending} before the first sample; nothing was written`);
      return ending;
    }
  }
  if (run.cells.length > 0) {
    await report(run, asked.directory, rates);
    console.log(
      words.json === true ? JSON.stringify(priceRecords(run, rates), null, 1) : priceSummary(run, rates, asked.directory),
    );
  }
  const ending = endingSignal(signal);
  if (ending !== null) {
    console.error(`fusemeter: ended by ${ending}; go on with: fusemeter readahead --resume ${asked.directory}`);
    return ending;
  }
  return run.cells.some(({ samples }) => samples.every(({ ok }) => !ok)) ? "host" : "done";
}

import type { Command } from "commander";
import { pricePage, priceSummary, writePage } from "../reports/pages/index.js";
import { priceCsv, priceRecords, type Rates } from "../reports/prices/index.js";
import type { ReadaheadSetting, Run } from "../results/index.js";
import { everyWindow, knobs, readaheadBackends, readaheadProfiles, settingsOf } from "../runners/studies/index.js";
import { parseSizeBytes } from "../workloads/index.js";
import { exitCodeOf, type Outcome } from "./exit-codes.js";
import { sayLeftOut } from "./left-out.js";
import { badOption, list, numberAbove, oneOf } from "./option-values.js";
import { profileDefaults, type RequestedRun, type RunKind, requestedRun, resumedRun } from "./requested-run.js";
import { measureResumably } from "./resumable-run.js";
import { addBlockOptions, addGridOptions, addResultOptions, addSliceOptions, type RunOptions } from "./run-options.js";

interface Options extends RunOptions {
  readonly windows?: string;
  readonly knobs?: string;
  readonly usdPerCoreHour?: string;
  readonly wattsPerCore?: string;
}

const kind: RunKind = { profiles: readaheadProfiles, backends: readaheadBackends };
const names = readaheadBackends.map(({ name }) => name);

export function describe(command: Command): void {
  command
    .summary("measure the price of reads without readahead")
    .description(
      "Reads the same files with readahead windows of several sizes. Tells the price of a GiB with each: requests, mode " +
        "transitions, CPU time, wall time. The windows are put back at the end, or by the next command after a kill.",
    )
    .option("--profile <name>", `amount of work: ${Object.keys(readaheadProfiles).join(", ")}`, "quick")
    .option("--windows <list>", "sizes of the readahead window: off, 4KB, 16KB, …")
    .option("--knobs <list>", `knobs that set the window: ${knobs.join(", ")}`);
  addResultOptions(
    addSliceOptions(addGridOptions(addBlockOptions(command), names)),
    "print the prices as JSON instead of the tables",
  )
    .option("--usd-per-core-hour <usd>", "price of a core for an hour: adds a column in money")
    .option("--watts-per-core <watts>", "power of a busy core: adds a column in joules")
    .addHelpText(
      "after",
      `
The profile fills in the options that are left out.
The knob "device" sets the window of the block device under --directory.

Examples:
  sudo fusemeter readahead
  sudo fusemeter readahead --windows off,128KB --caches warm --usd-per-core-hour 0.04
  sudo fusemeter readahead --profile full --directory /mnt/ssd --out readahead-ssd`,
    )
    .action(async (options: Options) => {
      process.exitCode = exitCodeOf(await readahead(options));
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

function settingsAsked(options: Options): ReadaheadSetting[] {
  const profile = readaheadProfiles[options.profile];
  if (options.windows === undefined && options.knobs === undefined) return [...(profile?.settings ?? [])];
  const asked =
    options.knobs === undefined
      ? (["mount", "device", "both"] as const)
      : list("knobs", options.knobs).map((name) => oneOf("knobs", name, knobs));
  return settingsOf(asked, options.windows === undefined ? everyWindow : list("windows", options.windows).map(windowOf));
}

function requested(options: Options): RequestedRun {
  const asked = requestedRun(options, profileDefaults(options.profile, kind), new Date());
  return { ...asked, request: { ...asked.request, readahead: settingsAsked(options) } };
}

async function report(run: Run, directory: string, rates: Rates): Promise<void> {
  const { windows, prices } = priceCsv(run, rates);
  sayLeftOut(await writePage(pricePage(run, rates), { "windows.csv": windows, "prices.csv": prices }, directory));
}

async function readahead(options: Options): Promise<Outcome> {
  const rates: Rates = {
    usdPerCoreHour: rateOf("usd-per-core-hour", options.usdPerCoreHour),
    wattsPerCore: rateOf("watts-per-core", options.wattsPerCore),
  };
  return measureResumably({
    command: "readahead",
    resume: options.resume,
    requested: (earlier) => (earlier === null ? requested(options) : resumedRun(earlier, options.resume!, kind)),
    async tell(run, directory) {
      await report(run, directory, rates);
      console.log(
        options.json === true ? JSON.stringify(priceRecords(run, rates), null, 1) : priceSummary(run, rates, directory),
      );
    },
  });
}

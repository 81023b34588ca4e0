import type { Command } from "commander";
import { terminalSummary, writeReports } from "../reports/pages/index.js";
import { profiles } from "../runners/run/index.js";
import { exitCodeOf, type Outcome } from "./exit-codes.js";
import { sayLeftOut } from "./left-out.js";
import { profileDefaults, requestedRun, resumedRun } from "./requested-run.js";
import { measureResumably } from "./resumable-run.js";
import { addBlockOptions, addGridOptions, addResultOptions, addSliceOptions, type RunOptions } from "./run-options.js";

export function describe(command: Command): void {
  command
    .summary("compare native, FUSE and FUSE passthrough")
    .description(
      "Reads the same files natively, through the FUSE daemon of fusemeter, and in FUSE passthrough. " +
        "Tells the cost of each: time as a ratio to native, and system calls, context switches and requests for each operation.",
    )
    .option("--profile <name>", `amount of work: ${Object.keys(profiles).join(", ")}`, "quick");
  addResultOptions(addSliceOptions(addGridOptions(addBlockOptions(command))), "print the result as JSON instead of the tables")
    .option("--calibrate", "measure the unit costs for the model before each block")
    .addHelpText(
      "after",
      `
The profile fills in the options that are left out.

Examples:
  fusemeter run --profile quick
  fusemeter run --backends native,fuse --workloads rnd-rd-1th-1f --sizes 4KB --caches warm --blocks 10
  fusemeter run --backend 'hp=/usr/local/bin/passthrough_hp --foreground {source} {mountpoint}'`,
    )
    .action(async (options: RunOptions) => {
      process.exitCode = exitCodeOf(await run(options));
    });
}

function run(options: RunOptions): Promise<Outcome> {
  return measureResumably({
    command: "run",
    resume: options.resume,
    requested: (earlier) =>
      earlier === null
        ? requestedRun(options, profileDefaults(options.profile), new Date())
        : resumedRun(earlier, options.resume!),
    async tell(result, directory) {
      sayLeftOut(await writeReports(result, directory));
      console.log(options.json === true ? JSON.stringify(result) : terminalSummary(result, directory));
    },
  });
}

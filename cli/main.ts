import { Command } from "commander";
import { FusemeterError } from "../errors.js";
import { MARK } from "../runners/leftovers/index.js";
import { exitCodeHelp, exitCodeOf } from "./exit-codes.js";
import { reportFailure } from "./failures.js";

// Only the module of the command that runs is loaded: `mount` must start without the rest.
const program = new Command("fusemeter")
  .description("Measures the cost of filesystems in user space: FUSE and FUSE passthrough beside native.")
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "fusemeter: ")) })
  .addHelpText("after", `\n${exitCodeHelp}`)
  .exitOverride()
  .enablePositionalOptions();

/** The commands: a name, and the module that describes and runs it. */
const commands: Readonly<Record<string, () => Promise<{ describe(command: Command): void }>>> = {
  run: () => import("./run.js"),
  calibrate: () => import("./calibrate.js"),
  mount: () => import("./mount.js"),
  status: () => import("./status.js"),
  lazy: () => import("./lazy.js"),
  readahead: () => import("./readahead.js"),
  claims: () => import("./claims.js"),
  doctor: () => import("./doctor.js"),
  report: () => import("./report.js"),
  gate: () => import("./gate.js"),
  trend: () => import("./trend.js"),
  compare: () => import("./compare.js"),
};

process.on("uncaughtException", (error) => {
  process.exit(exitCodeOf(reportFailure(error)));
});

// A reader may stop reading, as head(1) does: the command goes on without it, and its exit code stays.
process.stdout.on("error", (cause: NodeJS.ErrnoException) => {
  if (cause.code === "EPIPE") return;
  throw new FusemeterError({
    code: "OUTPUT_NOT_WRITTEN",
    fault: "host",
    problem: "standard output can't be written",
    reason: cause.message,
    cause,
  });
});
// No stream is left to report it on.
process.stderr.on("error", () => {});

try {
  // A daemon of a run starts without the look: the run has looked.
  if (process.env[MARK] === undefined) {
    const { cleanUpLeftovers } = await import("../runners/leftovers/clean-up.js");
    for (const line of await cleanUpLeftovers()) console.error(`fusemeter: ${line}`);
  }
  const wanted = process.argv.slice(2).find((word) => Object.hasOwn(commands, word));
  for (const [name, load] of Object.entries(commands)) {
    // The list of commands needs all modules; a command needs its own alone.
    if (wanted === undefined || wanted === name) (await load()).describe(program.command(name).exitOverride());
  }
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(reportFailure(error));
}

import { Command, CommanderError } from "commander";
import { FusemeterError } from "../errors.js";
import { restoreAbandonedKnobs } from "../runners/knobs/index.js";

// A command's module is loaded when it is the one to run: `mount` must start without the rest.
const program = new Command("fusemeter")
  .description("What does a trip through user space cost? Native, FUSE and FUSE passthrough, measured.")
  .exitOverride()
  .enablePositionalOptions();

/** The commands: a name, and the module that describes and runs it. */
const commands: Record<string, () => Promise<{ describe(command: Command): void }>> = {
  run: () => import("./run.js"),
  calibrate: () => import("./calibrate.js"),
  mount: () => import("./mount.js"),
  status: () => import("./status.js"),
  readahead: () => import("./readahead.js"),
  claims: () => import("./claims.js"),
  doctor: () => import("./doctor.js"),
  report: () => import("./report.js"),
  gate: () => import("./gate.js"),
  trend: () => import("./trend.js"),
  compare: () => import("./compare.js"),
};

/** The one place that tells a user what went wrong. */
function fail(error: unknown): void {
  if (error instanceof FusemeterError) {
    console.error(`fusemeter: ${error.message}`);
    process.exitCode = error.exitCode;
  } else if (error instanceof CommanderError) {
    // Commander has printed it. Help and version are no errors.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    throw error;
  }
}

// Who reads the output may stop reading, as head(1) does: that is no fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

for (const knob of restoreAbandonedKnobs()) {
  console.error(`fusemeter: put ${knob} back, which a command that was killed had changed`);
}

try {
  const wanted = process.argv.slice(2).find((word) => word in commands);
  for (const [name, load] of Object.entries(commands)) {
    // Help lists all of them; otherwise only the one that was asked for is loaded.
    if (wanted === undefined || wanted === name) (await load()).describe(program.command(name).exitOverride());
  }
  await program.parseAsync();
} catch (error) {
  fail(error);
}

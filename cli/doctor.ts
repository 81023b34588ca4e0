import { existsSync } from "node:fs";
import type { Command } from "commander";
import { markdownTable } from "markdown-table";
import { FusemeterError } from "../errors.js";
import { type Check, checkHost } from "../runners/host/index.js";
import { exitCodeOf } from "./exit-codes.js";

interface Options {
  readonly directory: string;
  readonly json?: boolean;
}

export function describe(command: Command): void {
  command
    .summary("check what this host can measure")
    .description(
      "Checks this host for everything that a measurement needs. Tells the remedy for each thing that is missing. Changes nothing.",
    )
    .option("--directory <directory>", "planned place of the test files", ".")
    .option("--json", "print the checks as JSON")
    .addHelpText(
      "after",
      "\nThe exit code is 0 if a run has everything that it needs, else 3.\n\nExample:\n  sudo fusemeter doctor --directory /mnt/data",
    )
    .action(doctor);
}

async function doctor({ directory, json }: Options): Promise<void> {
  if (!existsSync(directory)) {
    throw new FusemeterError({
      code: "BAD_DIRECTORY",
      fault: "use",
      problem: `${directory} does not exist`,
      remedy: "give --directory DIR, a directory on the filesystem to measure",
    });
  }
  const checks = await checkHost(directory);
  console.log(json === true ? JSON.stringify(checks, null, 1) : tableOf(checks));
  if (checks.some(({ ok, needed }) => needed && !ok)) process.exitCode = exitCodeOf("host");
}

function tableOf(checks: readonly Check[]): string {
  const verdict = ({ ok, needed }: Check) => (ok ? "yes" : needed ? "NO" : "no");
  const rows = checks.map((check) => [check.what, verdict(check), check.why, check.remedy ?? ""]);
  return markdownTable([["check", "ok", "found", "what to do"], ...rows]);
}

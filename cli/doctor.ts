import { existsSync } from "node:fs";
import type { Command } from "commander";
import { markdownTable } from "markdown-table";
import { FusemeterError } from "../errors.js";
import { type Check, checkHost } from "../runners/host/index.js";
import { exitCodeOf } from "./exit-codes.js";

interface Words {
  readonly directory: string;
  readonly json?: boolean;
}

export function describe(command: Command): void {
  command
    .summary("what this host can measure")
    .description("Says what this host can measure, what it can't, why, and what would change that. Changes nothing itself.")
    .option("--directory <directory>", "where the test files would be made", ".")
    .option("--json", "print the checks as JSON")
    .addHelpText(
      "after",
      "\nExits with 0 when all that a run needs is there, with 3 otherwise.\n\nExample:\n  sudo fusemeter doctor --directory /mnt/data",
    )
    .action(doctor);
}

async function doctor({ directory, json }: Words): Promise<void> {
  if (!existsSync(directory)) {
    throw new FusemeterError({
      code: "BAD_DIRECTORY",
      fault: "use",
      problem: `${directory} does not exist`,
      remedy: "give --directory DIR, a directory on the filesystem that is to be measured",
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

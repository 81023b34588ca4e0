import { constants } from "node:os";

/** The ends of a command, each with its exit code. No other file names a number. */
const exitCodes = {
  done: { code: 0, meaning: "The command did its work. A gate found no regression." },
  regression: { code: 1, meaning: "A gate found a regression. No other end has this code." },
  use: { code: 2, meaning: "The command line, or a file that it names, can't be used." },
  host: { code: 3, meaning: "This host can't do it, or can't tell." },
  // EX_SOFTWARE of sysexits.h. Node's own code for an uncaught error is 1, which a CI would read as a regression.
  internal: { code: 70, meaning: "fusemeter itself failed. Please report it." },
} as const;

/** The signals that end a command early; its exit code is then 128 + the signal's number, as in a shell. */
export const endingSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export type EndingSignal = (typeof endingSignals)[number];

/** The way in which a command ended. */
export type Outcome = keyof typeof exitCodes | EndingSignal;

/** The exit code of an outcome. */
export function exitCodeOf(outcome: Outcome): number {
  return Object.hasOwn(exitCodes, outcome)
    ? exitCodes[outcome as keyof typeof exitCodes].code
    : 128 + constants.signals[outcome as EndingSignal];
}

/** The list of exit codes, as the help shows it. */
export const exitCodeHelp = [
  "Exit codes:",
  ...Object.values(exitCodes).map(({ code, meaning }) => `  ${String(code).padEnd(5)} ${meaning}`),
  "  128+n Signal n ended the command.",
].join("\n");

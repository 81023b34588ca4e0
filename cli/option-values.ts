import { FusemeterError } from "../errors.js";

/** The error of an option whose value can't be. */
export function badOption(name: string, given: string, remedy: string): FusemeterError {
  return new FusemeterError({ code: "BAD_OPTION", exitCode: 2, problem: `--${name} ${given} can't be`, remedy });
}

/**
 * An option's value as a whole number.
 *
 * @throws {FusemeterError} `BAD_OPTION` where it is none, or outside of the bounds
 */
export function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw badOption(name, `"${text}"`, `give a whole number from ${least} to ${most}`);
}

import { Option } from "commander";
import { type FusemeterError, invalidValue } from "../errors.js";

/** The error of an option's value, for instance `invalid --blocks "x": expected a whole number from 1 to 10000`. */
export function badOption(name: string, given: string, expected: string): FusemeterError {
  return invalidValue(`--${name}`, given, expected);
}

/**
 * An option's value as a whole number.
 *
 * @throws {FusemeterError} `BAD_OPTION`
 */
export function wholeNumber(name: string, text: string, least = 0, most = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? "" : ` from ${least} to ${most}`;
  throw badOption(name, text, `a whole number${range}`);
}

/**
 * An option's value as a number, which need not be whole.
 *
 * @param above the bound that the number must exceed
 * @throws {FusemeterError} `BAD_OPTION`
 */
export function numberAbove(name: string, text: string, above: number, most = Number.MAX_VALUE): number {
  const value = Number(text);
  if (text.trim() !== "" && value > above && value <= most) return value;
  throw badOption(name, text, `a number above ${above}${most === Number.MAX_VALUE ? "" : ` and up to ${most}`}`);
}

/**
 * An option's value as one of a few names.
 *
 * @throws {FusemeterError} `BAD_OPTION`
 */
export function oneOf<T extends string>(name: string, text: string, known: readonly T[]): T {
  const found = known.find((candidate) => candidate === text);
  if (found !== undefined) return found;
  throw badOption(name, text, `one of ${known.join(", ")}`);
}

/**
 * An option's value as names with commas between them, each once.
 *
 * @throws {FusemeterError} `BAD_OPTION` for an empty name
 */
export function list(name: string, text: string): string[] {
  const items = text.split(",").map((item) => item.trim());
  if (items.includes("")) throw badOption(name, text, "names with commas between them");
  return [...new Set(items)];
}

/** Gathers the values of an option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** An option of one of a few names: the help lists them, and any other is refused as every bad value is. */
export function choice<T extends string>(flags: string, description: string, known: readonly T[]): Option {
  const option = new Option(flags, description).choices(known);
  return option.argParser((text: string) => oneOf(option.name(), text, known));
}

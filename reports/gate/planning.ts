import { probit, standardDeviation } from "simple-statistics";
import { robustDeviation } from "../figures/statistics.js";
import { LEAST_ROUNDS } from "./judge-slices.js";
import { ONLY_LOOK } from "./looks.js";

/** The power to see the least effect that rounds are planned for. */
const POWER = 0.95;

/** The spread of the logarithms of a time's ratios: the robust figure, which a few outliers do not move. */
export function spreadOf(ratios: readonly number[]): number {
  const logs = ratios.map(Math.log);
  if (logs.length < 2) return Number.NaN;
  const robust = robustDeviation(logs);
  return robust > 0 ? robust : standardDeviation(logs);
}

/**
 * The number of rounds that it takes to tell the least effect of each time from none, by the noise so far. From the normal
 * approximation of the mean of n log ratios: (z_error + z_power)^2 (spread / effect)^2.
 *
 * @param leastRatio 1.02 is 2 percent slower
 * @returns null where no time has a spread
 */
export function roundsPlanned(ratiosOfTimes: readonly (readonly number[])[], leastRatio: number): number | null {
  const z = probit(1 - ONLY_LOOK.falseRegression / Math.max(1, ratiosOfTimes.length)) + probit(POWER);
  const needs = ratiosOfTimes.map((ratios) => Math.ceil((z * (spreadOf(ratios) / Math.log(leastRatio))) ** 2));
  const known = needs.filter(Number.isFinite);
  return known.length === 0 ? null : Math.max(LEAST_ROUNDS, ...known);
}

import { probit, standardDeviation } from "simple-statistics";
import { robustDeviation } from "../figures/statistics.js";
import { ALPHA, LEAST_BLOCKS } from "./judge-time.js";

/** Blocks that are measured before anything is known of the noise. */
export const PILOT_BLOCKS = LEAST_BLOCKS;

/** The efficiency of the median of a normal distribution, relative to its mean: 2 / pi. The interval is the median's. */
const MEDIAN_EFFICIENCY = 2 / Math.PI;

/** The spread of the logarithms of a cell's ratios: the robust figure, which a few outliers do not move. */
export function spreadOf(ratios: readonly number[]): number {
  const logs = ratios.map(Math.log);
  if (logs.length < 2) return Number.NaN;
  const robust = robustDeviation(logs);
  return robust > 0 ? robust : standardDeviation(logs);
}

/**
 * The number of blocks that it takes to see an effect of a given size, with a given power, at a given one-sided level. From the
 * normal approximation of the median of n paired log ratios: (z_alpha + z_power)^2 (spread / effect)^2, by the median's efficiency.
 *
 * @param effect as a ratio: 1.05 is 5 percent slower
 */
function blocksNeeded(spread: number, effect: number, power: number, alpha: number): number {
  const z = probit(1 - alpha) + probit(power);
  return Math.ceil((z * (spread / Math.log(effect))) ** 2 / MEDIAN_EFFICIENCY);
}

/** The power to see the least effect that blocks are planned for. */
const POWER = 0.95;

/** The number of blocks that the times of a run need, by the noise of the blocks so far. */
export function blocksPlanned(ratiosOfTimes: readonly (readonly number[])[], leastRatio: number): number {
  const level = ALPHA / Math.max(1, ratiosOfTimes.length);
  const needs = ratiosOfTimes.map((ratios) => blocksNeeded(spreadOf(ratios), leastRatio, POWER, level)).filter(Number.isFinite);
  return Math.max(PILOT_BLOCKS, ...needs);
}

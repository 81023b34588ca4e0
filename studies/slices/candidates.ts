import { mean, median, sampleStandardDeviation } from "simple-statistics";
import { medianInterval, robustDeviation, studentFactor } from "../../reports/figures/index.js";

/** The ends of an interval of logarithms. */
export interface Ends {
  readonly low: number;
  readonly high: number;
}

const around = (centre: number, halfWidth: number): Ends => ({ low: centre - halfWidth, high: centre + halfWidth });

function student(values: readonly number[]): Ends {
  const n = values.length;
  return around(mean([...values]), (studentFactor(0.95, n - 1) * sampleStandardDeviation([...values])) / Math.sqrt(n));
}

/** The number of sums of ranks, of 2^n choices of signs, that lie below each value: Wilcoxon's signed-rank test. */
function signedRankBelow(n: number): number[] {
  const ways = new Float64Array((n * (n + 1)) / 2 + 1);
  ways[0] = 1;
  for (let rank = 1; rank <= n; rank++) for (let sum = ways.length - 1; sum >= rank; sum--) ways[sum]! += ways[sum - rank]!;
  let below = 0;
  return [...ways].map((count) => {
    below += count;
    return below / 2 ** n;
  });
}

/** Hodges and Lehmann's interval: order statistics of the means of all pairs. The range, where too few values reach 95 percent. */
function hodgesLehmann(values: readonly number[]): Ends {
  const means = values.flatMap((value, index) => values.slice(index).map((other) => (value + other) / 2)).sort((a, b) => a - b);
  const outside = signedRankBelow(values.length).filter((probability) => probability <= 0.025).length;
  const rank = Math.max(0, outside - 1);
  return { low: means[rank]!, high: means[means.length - 1 - rank]! };
}

/** Huber's constant: 95 percent as good as the mean where the distribution is normal. */
const HUBER = 1.345;
const ITERATIONS = 30;

/** Huber's location with a t interval (Huber and Ronchetti, "Robust Statistics", chapter 6). */
function huber(values: readonly number[]): Ends {
  const scale = robustDeviation(values);
  if (scale === 0) return student(values);
  const n = values.length;
  const standing = (centre: number) => values.map((value) => (value - centre) / scale);
  let centre = median([...values]);
  for (let step = 0; step < ITERATIONS; step++) {
    const weights = standing(centre).map((z) => Math.min(1, HUBER / Math.abs(z)));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    centre = values.reduce((sum, value, index) => sum + value * weights[index]!, 0) / total;
  }
  const cut = standing(centre).map((z) => Math.max(-HUBER, Math.min(HUBER, z)));
  const inside = cut.filter((z) => Math.abs(z) < HUBER).length / n;
  const squares = cut.reduce((sum, z) => sum + z * z, 0);
  const correction = 1 + (1 - inside) / inside / n;
  return around(centre, (studentFactor(0.95, n - 1) * scale * correction * Math.sqrt(squares / (n - 1) / n)) / inside);
}

/** Intervals of 95 percent for the middle of logarithms of ratios, by name. The reports' own is measured beside them. */
export const candidates: Readonly<Record<string, (logarithms: readonly number[]) => Ends>> = {
  "Student's t": student,
  "Huber's t": huber,
  "Hodges-Lehmann": hodgesLehmann,
  "order statistics": medianInterval,
};

import { errorFunction, wilcoxonRankSum } from "simple-statistics";

/** Up to this many values a test's distribution is counted out; above it the normal one is as good. */
const EXACT_LIMIT = 40;

function upperTail(z: number): number {
  return Math.max(0, (1 - errorFunction(z / Math.SQRT2)) / 2);
}

/**
 * The one-sided p value of Wilcoxon's signed-rank test: how probable values so far above zero are where they are drawn
 * symmetrically about it. For pairs from the same block: give the logarithms of their ratios. Zeros are left out.
 */
export function signedRankP(values: readonly number[]): number {
  const others = values.filter((value) => value !== 0).toSorted((a, b) => Math.abs(a) - Math.abs(b));
  const n = others.length;
  // Times are continuous: no two are equal but by chance, and then the order between them is.
  // Stryker disable next-line EqualityOperator: zeros are left out
  const positive = others.reduce((sum, value, index) => (value > 0 ? sum + index + 1 : sum), 0);
  if (n > EXACT_LIMIT) {
    const deviation = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24);
    return upperTail((positive - 0.5 - (n * (n + 1)) / 4) / deviation);
  }
  // How many of the 2^n choices of signs give each sum of positive ranks.
  // Stryker disable next-line ArithmeticOperator: behind the largest sum a longer array holds zeros
  const ways = new Float64Array((n * (n + 1)) / 2 + 1);
  ways[0] = 1;
  // Stryker disable next-line ArithmeticOperator: a typed array ignores what is written behind its end
  for (let rank = 1; rank <= n; rank++) for (let sum = ways.length - 1; sum >= rank; sum--) ways[sum]! += ways[sum - rank]!;
  return ways.subarray(positive).reduce((total, count) => total + count, 0) / 2 ** n;
}

/** The number of choices of m out of n ranks that give each rank sum, least sum first: Mann and Whitney's U. */
function rankSumWays(m: number, n: number): Float64Array {
  // Stryker disable next-line ArithmeticOperator: behind the largest U a longer array holds zeros
  const most = m * (n - m);
  // ways[k][u]: choices of k ranks so far whose U is u.
  const ways = Array.from({ length: m + 1 }, () => new Float64Array(most + 1));
  ways[0]![0] = 1;
  for (let rank = 1; rank <= n; rank++) {
    for (let k = Math.min(m, rank); k >= 1; k--) {
      // Taken as the k-th lowest, this rank has rank - k of the others below it.
      const below = rank - k;
      // Stryker disable next-line AssignmentOperator: a minus comes in m times, for each choice alike, and a ratio does not see it
      for (let u = most; u >= below; u--) ways[k]![u]! += ways[k - 1]![u - below]!;
    }
  }
  return ways[m]!;
}

/** The one-sided p value of the Mann-Whitney test: how probable it is that `values` lie so far above `others` by chance. */
export function rankSumP(values: readonly number[], others: readonly number[]): number {
  const [m, k] = [values.length, others.length];
  if (m === 0 || k === 0) return 1;
  const u = wilcoxonRankSum([...values], [...others]) - (m * (m + 1)) / 2;
  if (m + k > EXACT_LIMIT) return upperTail((u - 0.5 - (m * k) / 2) / Math.sqrt((m * k * (m + k + 1)) / 12));
  const ways = rankSumWays(m, m + k);
  const all = ways.reduce((total, count) => total + count, 0);
  return ways.subarray(Math.ceil(u)).reduce((total, count) => total + count, 0) / all;
}

/**
 * The shift between two series: the median of all differences between a value of the one and one of the other,
 * and the 95 percent interval that belongs to the Mann-Whitney test (Hodges and Lehmann 1963; Conover, section 5.4).
 */
export function shift(values: readonly number[], others: readonly number[]): { median: number; low: number; high: number } {
  const differences = values.flatMap((value) => others.map((other) => value - other)).sort((a, b) => a - b);
  const [m, k] = [values.length, others.length];
  const deviation = Math.sqrt((m * k * (m + k + 1)) / 12);
  const rank = Math.max(0, Math.floor((m * k) / 2 - 1.96 * deviation));
  const last = differences.length - 1;
  const median = (differences[Math.floor(last / 2)]! + differences[Math.ceil(last / 2)]!) / 2;
  return { median, low: differences[rank]!, high: differences[last - rank]! };
}

/**
 * Holm's correction: p values as they count where several are looked at together, so that one of them falls below a level by
 * chance no more often than a single one would (Scandinavian Journal of Statistics 6, 1979).
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const adjusted: number[] = [];
  let least = 0;
  for (const [place, { p, index }] of order.entries()) {
    least = Math.max(least, Math.min(1, p * (ps.length - place)));
    adjusted[index] = least;
  }
  return adjusted;
}

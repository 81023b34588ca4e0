import { bisect } from "simple-statistics";

/** Beyond every quantile that an interval of two values needs. */
const FARTHEST = 1e4;
const TOLERANCE = 1e-9;
const MOST_HALVINGS = 100;

/** The probability that |t| lies below a value, for whole degrees of freedom (Abramowitz and Stegun, 26.7.3 and 26.7.4). */
function withinProbability(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const [sine, square] = [Math.sin(angle), Math.cos(angle) ** 2];
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? Math.cos(angle) : 1;
  let sum = 0;
  for (let power = isOdd ? 1 : 0; power <= degrees - 2; power += 2) {
    sum += term;
    term *= (square * (power + 1)) / (power + 2);
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}

/** The probability that t lies above a value, for whole degrees of freedom: 0.5 for 0. */
export function studentTail(t: number, degrees: number): number {
  const tail = Math.max(0, (1 - withinProbability(Math.abs(t), degrees)) / 2);
  return t >= 0 ? tail : 1 - tail;
}

/**
 * The value that |t| stays below with a given probability: 2.776 for 0.95 and 4 degrees of freedom.
 *
 * @param confidence in (0, 1)
 * @param degrees whole degrees of freedom, at least 1
 */
export function studentFactor(confidence: number, degrees: number): number {
  return bisect((t: number) => withinProbability(t, degrees) - confidence, 0, FARTHEST, MOST_HALVINGS, TOLERANCE) as number;
}

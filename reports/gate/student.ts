/**
 * The upper tail of Student's t with a whole number of degrees of freedom, from the finite series of Abramowitz and Stegun,
 * "Handbook of Mathematical Functions", 26.7.3 and 26.7.4. Exact to about 1e-15.
 */
export function upperTail(t: number, degreesOfFreedom: number): number {
  if (t === 0) return 0.5;
  const angle = Math.atan(Math.abs(t) / Math.sqrt(degreesOfFreedom));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const isOdd = degreesOfFreedom % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = degreesOfFreedom === 1 ? 0 : term;
  for (let power = isOdd ? 3 : 2; power <= degreesOfFreedom - 2; power += 2) {
    term *= (cosine * cosine * (power - 1)) / power;
    sum += term;
  }
  const within = isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
  const tail = Math.max(0, (1 - within) / 2);
  return t > 0 ? tail : 1 - tail;
}

/** The value that Student's t exceeds with a given probability below one half. */
export function upperQuantile(probability: number, degreesOfFreedom: number): number {
  let [low, high] = [0, 1];
  while (upperTail(high, degreesOfFreedom) > probability && high < 1e12) high *= 2;
  // A bisection of doubles is done after 60 halvings.
  for (let halvings = 0; halvings < 60; halvings++) {
    const middle = (low + high) / 2;
    if (upperTail(middle, degreesOfFreedom) > probability) low = middle;
    else high = middle;
  }
  return high;
}

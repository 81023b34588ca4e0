/** Rounds that are not measured but drawn from a distribution with a known truth, as logarithms with deviation 1 or so. */
export function simulated(random: () => number): Readonly<Record<string, () => number>> {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let drift = 0;
  return {
    normal,
    "heavy tails (t, 3 degrees)": () => normal() / Math.hypot(normal(), normal(), normal()),
    "1 of 20 rounds 10 times as far": () => normal() * (random() < 0.05 ? 10 : 1),
    "drift (correlation 0.3 from round to round)": () => {
      drift = 0.3 * drift + Math.sqrt(1 - 0.3 ** 2) * normal();
      return drift;
    },
    "two states": () => (random() < 0.5 ? -1 : 1) + 0.3 * normal(),
  };
}

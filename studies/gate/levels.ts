import { slowerP, withinRounds } from "../../reports/gate/index.js";
import { markdown } from "../../reports/tables/index.js";

/** A source of numbers in [0, 1). */
type Random = () => number;

/** A normal value, by Box and Muller. */
const normal = (random: Random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** The luck of a mount, whose time has a logarithm of this. Only its shape matters: the test divides by the spread. */
const lucks: Readonly<Record<string, (random: Random) => number>> = {
  normal,
  "one in ten, five times as far": (random) => normal(random) * (random() < 0.1 ? 5 : 1),
  "heavy tails": (random) => normal(random) / Math.sqrt((normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2) / 3),
  "two states": (random) => (random() < 0.3 ? 3 : 0) + 0.35 * normal(random),
};

const LEVEL = 1e-4;
const ROUNDS: readonly number[] = [5, 9, 10, 12, 17, 25, 40];

/**
 * A table of false alarms: the runs in ten thousand in which the test of a time is beyond its level though nothing changed, by the
 * mount's luck and the number of rounds.
 */
export function levelTable(runs: number, random: Random): string {
  const exceeded = (luck: (random: Random) => number, rounds: number) => {
    let beyond = 0;
    for (let run = 0; run < runs; run++) {
      const ratios = Array.from({ length: rounds }, () => Math.exp(0.01 * (luck(random) - luck(random))));
      if (slowerP(withinRounds(ratios)!) < LEVEL) beyond += 1;
    }
    return ((beyond / runs) * 10_000).toFixed(1);
  };
  const rows = Object.entries(lucks).map(([name, luck]) => [name, ...ROUNDS.map((rounds) => exceeded(luck, rounds))]);
  return markdown(
    [["luck of a mount", ...ROUNDS.map((rounds) => `${rounds} rounds`)], ...rows],
    ["l", ...ROUNDS.map(() => "r" as const)],
  );
}

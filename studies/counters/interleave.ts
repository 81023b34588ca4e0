import { shuffle } from "simple-statistics";
import { type Estimate, estimate, pairedRatios } from "../../reports/figures/index.js";
import { seededRandom } from "../../workloads/index.js";

/** One way to do the same work, and the figures of a run of it. Lower is faster. */
export interface Variant<Figure extends string> {
  readonly name: string;
  readonly run: () => Promise<Readonly<Record<Figure, number>>>;
}

/** The figures of one variant, block by block. */
export interface Series<Figure extends string> {
  readonly name: string;
  readonly blocks: readonly Readonly<Record<Figure, number>>[];
}

/**
 * Runs every variant once in each block, in an order drawn from the seed. Drift of the machine falls on all alike.
 *
 * @param onRun called before each run
 */
export async function interleave<Figure extends string>(
  variants: readonly Variant<Figure>[],
  blocks: number,
  seed: number,
  onRun: (block: number, name: string) => void,
): Promise<Series<Figure>[]> {
  const random = seededRandom(seed);
  const series = variants.map(({ name, run }) => ({ name, run, blocks: [] as Readonly<Record<Figure, number>>[] }));
  for (let block = 0; block < blocks; block++) {
    for (const { name, run, blocks: results } of shuffle(series, random)) {
      onRun(block, name);
      results.push(await run());
    }
  }
  return series;
}

/** A figure's median over the blocks. */
export function medianOf<Figure extends string>({ blocks }: Series<Figure>, figure: Figure): Estimate {
  return estimate(blocks.map((block) => block[figure]))!;
}

/** The median ratio of a figure to the reference's in the same block. */
export function ratioOf<Figure extends string>(series: Series<Figure>, reference: Series<Figure>, figure: Figure): Estimate {
  const inBlocks = ({ blocks }: Series<Figure>) => blocks.map((values, block) => ({ block, value: values[figure] }));
  return estimate(pairedRatios(inBlocks(series), inBlocks(reference)).map(({ value }) => value))!;
}

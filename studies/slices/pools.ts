import { ratiosOfRounds } from "../../reports/figures/index.js";
import { type Cell, isSameReads, type Placement, placements, type Run } from "../../results/index.js";

/** Ratios of one thing to itself, a value for each round, in the order of the rounds: the truth is 1. */
export interface Pool {
  readonly name: string;
  readonly ratios: readonly number[];
}

/** The fewest rounds of which coverage can be read. */
const FEWEST_ROUNDS = 20;

/** Two cells of the same operations whose backends are one thing: native twice, or one command under two names. */
function pairsOf({ cells, backends }: Run): (readonly [Cell, Cell])[] {
  const commandOf = new Map(backends.map(({ name, command }) => [name, command]));
  const isAgain = (cell: Cell, other: Cell) => {
    if (cell.kind === "native") return cell.role === "reference" && other.role === "reference again";
    const command = commandOf.get(cell.backend) ?? null;
    return command !== null && command === commandOf.get(other.backend);
  };
  return cells.flatMap((cell, index) =>
    cells.flatMap((other, later) =>
      index !== later && isSameReads(cell, other) && isAgain(cell, other) && (cell.kind === "native" || index < later)
        ? [[cell, other] as const]
        : [],
    ),
  );
}

function poolOf([cell, other]: readonly [Cell, Cell], placement: Placement): Pool {
  const { workload, ioSizeBytes, cache } = cell;
  return {
    name: `${other.backend} by ${cell.backend}, ${workload} ${ioSizeBytes / 1024} KiB ${cache}, ${placement}`,
    ratios: ratiosOfRounds(other, cell, placement, "wall").map(({ value }) => value),
  };
}

/** The pools of a run: each pair that is one thing, in each placement. */
export function poolsOf(run: Run): Pool[] {
  return pairsOf(run)
    .flatMap((pair) => placements.map((placement) => poolOf(pair, placement)))
    .filter(({ ratios }) => ratios.length >= FEWEST_ROUNDS);
}

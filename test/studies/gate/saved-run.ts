import type { Run, SliceRound } from "../../../results/index.js";
import { type SlicedChanges, sliced } from "../../reports/gate/sliced.js";

const STARTED_MS = Date.parse("2026-01-02T03:04:05.000Z");
const at = (seconds: number) => new Date(STARTED_MS + seconds * 1000).toISOString();

/** A run of base, head and base under another name: counts take 10 s, and then each round takes 2 s. */
export function savedRun(changes: SlicedChanges & { readonly id?: string } = {}): Run {
  const run = sliced(changes);
  const cells = run.cells
    .filter(({ kind }) => kind !== "native")
    .map((cell) => ({
      ...cell,
      counts: cell.counts.map((sample) => ({ ...sample, startedAt: at(0) })),
      slices: cell.slices.map((placed) => ({
        ...placed,
        rounds: placed.rounds.map((round): SliceRound => ({ ...round, startedAt: at(10 + 2 * round.round) })),
      })),
    }));
  return { ...run, id: changes.id ?? run.id, cells };
}

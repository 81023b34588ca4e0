import { type CellKey, type Counts, cellKey, findCell, type Run } from "../../results/index.js";

/** The startup overheads of a run's cells: each is measured once. */
export class StartupOverheads {
  readonly #run: Run;
  readonly #measured = new Map<string, Counts>();

  constructor(run: Run) {
    this.#run = run;
  }

  /** The startup overhead of a cell, from this process or from the counted sample of an earlier one; null where it is not known. */
  of(key: CellKey): Counts | null {
    const [recorded] = findCell(this.#run, key)?.counts.flatMap((sample) => (sample.ok ? [sample.figures.startup] : [])) ?? [];
    return this.#measured.get(cellKey(key)) ?? recorded ?? null;
  }

  set(key: CellKey, counts: Counts): void {
    this.#measured.set(cellKey(key), counts);
  }
}

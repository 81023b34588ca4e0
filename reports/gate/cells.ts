import { type Cell, isSameReads, type Reads, type Run, traitsOf } from "../../results/index.js";

/** The backend that the others are measured against, and the same backend under a second name. */
export function nativesOf({ backends }: Run): { readonly native: string | undefined; readonly again: string | undefined } {
  const named = (role: string) => backends.find(({ name }) => traitsOf(backends, name).role === role)?.name;
  return { native: named("reference"), again: named("reference again") };
}

/** The cell of another backend under the same workload, I/O size and cache state. */
export function sameCellOf(run: Run, cell: Reads, backend: string | undefined): Cell | undefined {
  return run.cells.find((other) => other.backend === backend && isSameReads(other, cell));
}

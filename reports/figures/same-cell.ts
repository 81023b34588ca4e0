import { type BackendRole, type Cell, isSameReads, type Reads, type Run } from "../../results/index.js";

/** The cell of a backend with given operations. */
export function cellOfBackend({ cells }: Run, reads: Reads, backend: string): Cell | undefined {
  return cells.find((cell) => cell.backend === backend && isSameReads(cell, reads));
}

/** The cell of native with given operations, or of native under its second name. */
export function cellOfNative(
  { cells }: Run,
  reads: Reads,
  role: Exclude<BackendRole, "contender"> = "reference",
): Cell | undefined {
  return cells.find((cell) => cell.role === role && isSameReads(cell, reads));
}

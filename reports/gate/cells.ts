import type { Cell, Run } from "../../results/index.js";

/** The backend that the others are measured against, and the same backend under a second name. */
export function nativesOf(run: Run): { readonly native: string | undefined; readonly again: string | undefined } {
  const [native, again] = run.backends.filter(({ kind }) => kind === "native").map(({ name }) => name);
  return { native, again };
}

/** True where a daemon serves the backend: a command's mount too. */
export function isServed(run: Run, backend: string): boolean {
  return run.backends.some(({ name, kind }) => name === backend && kind !== "native");
}

/** The key of a cell without its backend, as baselines hold it. */
export function placeKey({ workload, ioSizeBytes, cache }: Pick<Cell, "workload" | "ioSizeBytes" | "cache">): string {
  return `${workload} ${ioSizeBytes} ${cache}`;
}

/** The cell of another backend under the same workload, I/O size and cache state. */
export function sameCellOf(run: Run, cell: Parameters<typeof placeKey>[0], backend: string | undefined): Cell | undefined {
  return run.cells.find((other) => other.backend === backend && placeKey(other) === placeKey(cell));
}

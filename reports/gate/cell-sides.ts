import type { Cell, Run } from "../../results/index.js";

import { formatCell } from "../figures/formats.js";
import { allowance } from "./judge-count.js";
import { countsOf, countsRequests, isRequests } from "./measures.js";
import type { CountSides, WorkingSides } from "./sides.js";

type Counts = Readonly<Record<string, readonly number[]>>;

/** An opcode that nobody asked for has no count of its own; where requests were counted, it is 0. */
function withZeros(counts: Counts, like: Counts, areCounted: boolean): Counts {
  const samples = Math.max(0, ...Object.values(counts).map(({ length }) => length));
  const missing = Object.keys(like).filter((name) => isRequests(name) && counts[name] === undefined);
  return areCounted
    ? { ...counts, ...Object.fromEntries(missing.map((name) => [name, new Array<number>(samples).fill(0)])) }
    : counts;
}

/**
 * The counts of one cell, before and now. Of the requests only opcodes that come with the I/Os: one STATFS in ten thousand reads
 * is nobody's cost.
 */
export function countSides(backend: string, now: Cell, before: Counts, beforeHasRequests: boolean): CountSides[] {
  const found = countsOf(now);
  const nowCounts = withZeros(found, before, countsRequests(now));
  const beforeCounts = withZeros(before, found, beforeHasRequests);
  return Object.entries(beforeCounts).flatMap(([measure, values]) => {
    const current = nowCounts[measure] ?? [];
    const isRare = isRequests(measure) && [...values, ...current].every((value) => value <= allowance(measure, 0));
    return values.length === 0 || isRare ? [] : [{ backend, place: formatCell(now), measure, before: values, now: current }];
  });
}

/** How often the samples of a cell failed: all of them is a finding. */
export function workingSides(backend: string, cell: Cell): WorkingSides {
  const samples = [...cell.samples, ...cell.counts];
  const failures = samples.flatMap(({ failure }) => failure ?? []);
  return { backend, place: formatCell(cell), tried: samples.length, failed: failures.length, failure: failures[0] ?? null };
}

const OPENS = "open and close";

/** How many descriptors an open left in the daemon of a backend, in each try. */
export function descriptorsPerOpen(run: Run, backend: string): number[] {
  const record = run.backends.find(({ name }) => name === backend);
  return (record?.descriptorsLeft ?? []).map(({ opens, left }) => Math.max(0, left / opens));
}

export function descriptorSides(backend: string, before: readonly number[], now: readonly number[]): CountSides[] {
  const measure = "descriptors left by an open";
  return before.length === 0 ? [] : [{ backend, place: OPENS, measure, before, now }];
}

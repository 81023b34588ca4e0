import {
  type BackendTraits,
  type Figures,
  type Party,
  type PartyCount,
  type RunKind,
  rowOf,
  type SystemCount,
} from "../../results/index.js";

/** A count that a cell's samples have: of one party, of both together, or of the system. */
export interface Count {
  readonly label: string;
  /** The samples that have it. */
  readonly runs: RunKind | "both";
  /** The side that is counted: native has no daemon, and sends no requests. */
  readonly side: "application" | "daemon" | "requests" | "both" | "system";
  /** The count of one sample; null where it is not known. */
  readonly in: (figures: Partial<Figures>, cell: Pick<BackendTraits, "kind">) => number | null;
}

/** The sum over both parties. Native has no daemon; an unknown part of anything else leaves the sum unknown. */
export function both(
  { application, daemon }: Readonly<Record<Party, number | null>>,
  { kind }: Pick<BackendTraits, "kind">,
): number | null {
  if (kind === "native") return application;
  return application === null || daemon === null ? null : application + daemon;
}

/** A figure of one party, or of both together. */
export function countOf(key: PartyCount, side: Party | "both"): Count {
  const { label, runs } = rowOf(key);
  return {
    label: side === "both" ? label : `${label} of the ${side}`,
    runs,
    side,
    in(figures, cell) {
      const byParty = figures[key];
      if (byParty === undefined) return null;
      return side === "both" ? both(byParty, cell) : byParty[side];
    },
  };
}

/** A figure of the system that is a number. */
export function systemCount(key: SystemCount): Count {
  const { label, runs } = rowOf(key);
  return { label, runs, side: "system", in: (figures) => figures[key] ?? null };
}

/** The requests of one opcode. Where requests were counted, an opcode without a count was requested 0 times. */
export function requestsOf(opcode: string): Count {
  return {
    label: `${opcode} requests`,
    runs: rowOf("requests").runs,
    side: "requests",
    in: ({ requests }) => (requests ? (requests[opcode] ?? 0) : null),
  };
}

/** Counts that belong together: unknown where one of them is. */
export function sumOf(label: string, ...counts: readonly [Count, ...Count[]]): Count {
  return {
    ...counts[0],
    label,
    in: (figures, cell) =>
      counts.reduce<number | null>((sum, count) => {
        const value = count.in(figures, cell);
        return sum === null || value === null ? null : sum + value;
      }, 0),
  };
}

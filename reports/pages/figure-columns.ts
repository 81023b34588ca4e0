import {
  type Cell,
  type CountedFigures,
  type FigureKey,
  type FigureRow,
  type Figures,
  figuresIn,
  isNumber,
  type PartyCount,
  parties,
  partyFigures,
  type RunKind,
  rowOf,
} from "../../results/index.js";
import { countOf } from "../figures/count.js";
import { isMissing, perOperation } from "../figures/per-operation.js";
import { byName, type Value } from "./csv-value.js";

/** A column of `samples.csv`. */
export interface SampleColumn {
  readonly name: string;
  readonly isLater: true | undefined;
  readonly value: (figures: Partial<Figures>) => Value;
}

function text(value: unknown): Value {
  return typeof value === "object" ? byName(value as Readonly<Record<string, number>> | null) : (value as Value);
}

function columnsOf(key: FigureKey): SampleColumn[] {
  const { of, csv, isLater }: FigureRow = rowOf(key);
  if (typeof csv !== "string") {
    return Object.entries(csv).map(([field, name]) => ({
      name,
      isLater,
      value: (figures) => text((figures[key] as Readonly<Record<string, unknown>> | null | undefined)?.[field]),
    }));
  }
  if (of !== "party") return [{ name: csv, isLater, value: (figures) => text(figures[key]) }];
  return parties.map((party) => ({
    name: `${party}_${csv}`,
    isLater,
    value: (figures) => text((figures[key] as Readonly<Record<string, unknown>> | undefined)?.[party]),
  }));
}

const isTransition = (key: FigureKey) => rowOf(key).isTransition === true;

/** System calls and page faults are the two ways into the kernel: a party's stand side by side. */
function inGroups(keys: readonly FigureKey[]): SampleColumn[] {
  const transitions = keys.filter(isTransition).map(columnsOf);
  const grouped = parties.flatMap((_, party) => transitions.flatMap((columns) => columns[party] ?? []));
  return [...grouped, ...keys.filter((key) => !isTransition(key)).flatMap(columnsOf)];
}

/** The columns of the figures that samples of a kind have. */
export function sampleColumns(kind: RunKind): SampleColumn[] {
  return inGroups(figuresIn(kind));
}

/** The columns of the startup overhead: of the figures that show it. */
export const startupColumns: readonly SampleColumn[] = figuresIn("counted")
  .filter((key) => isTransition(key))
  .flatMap(columnsOf)
  .map(({ name, isLater, value }) => ({
    name: `subtracted_${name}`,
    isLater,
    value: (figures) =>
      (figures as Partial<CountedFigures>).startup === undefined ? null : value((figures as CountedFigures).startup),
  }));

/** The figures that `cells.csv` has had a column of from the start. */
const inFront: readonly FigureKey[] = ["syscalls", "userPageFaults", "contextSwitches"];

/** A column of each other figure of a party that is counted: its count of one operation. */
export function furtherCounts(cell: Cell): Record<string, Value> {
  const keys = partyFigures.filter(
    (key): key is PartyCount => isNumber(key) && rowOf(key).runs !== "timed" && !inFront.includes(key),
  );
  const columns = keys.flatMap((key) =>
    parties.map((party) => {
      const figure = perOperation(cell, countOf(key, party));
      return [`${party}_${rowOf(key).csv}_per_io`, isMissing(figure) ? null : figure] as const;
    }),
  );
  return Object.fromEntries(columns);
}

import type { z } from "zod";
import { count, countsByName, type FigureKey, type FigureRow, type Party, type RunKind, registry } from "./registry.js";

type Registry = typeof registry;

/** Counts by name: `{ pread64: 1000, other: 12 }`. */
export type CountsByName = Record<string, number>;

/** The keys of all rows with some property. */
type KeysWith<Property> = { [Key in FigureKey]: Registry[Key] extends Property ? Key : never }[FigureKey];

/** Figures of each party, and figures of the system and the mount. */
export type PartyFigure = KeysWith<{ of: "party" }>;
export type SystemFigure = Exclude<FigureKey, PartyFigure>;

/** The value of a figure, of one party or of the system. */
export type ValueOf<Key extends FigureKey> = z.infer<Registry[Key]["value"]>;

/** Figures whose value is a number. */
type NumberFigure = { [Key in FigureKey]: number extends ValueOf<Key> ? Key : never }[FigureKey];
export type PartyCount = PartyFigure & NumberFigure;
export type SystemCount = SystemFigure & NumberFigure;

/** A figure as a sample has it. Null: not known. */
type FigureOf<Key extends FigureKey> = Registry[Key]["of"] extends "party"
  ? Record<Party, ValueOf<Key> | null>
  : ValueOf<Key> | null;

/** All that one job gives. */
export type Figures = { [Key in FigureKey]: FigureOf<Key> };

/** The figures of a timed or of a counted sample. */
export type FiguresOfRun<Kind extends RunKind> = Pick<Figures, KeysWith<{ runs: Kind | "both" }>>;

/** Figures that are recorded with the startup overhead. */
export type StartupFigure = Exclude<FigureKey, KeysWith<{ startup: "none" }>>;

/** The figures of one whole job that its startup overhead is taken out of, or that startup overhead itself. */
export interface Counts extends Pick<Figures, StartupFigure> {
  operations: number;
}

/** A row without its literal types, for code that walks the registry. */
export function rowOf(key: FigureKey): FigureRow {
  return registry[key];
}

/** All figures, in the order in which files and tables have them. */
export const figureKeys = Object.keys(registry) as FigureKey[];

export const partyFigures = figureKeys.filter((key): key is PartyFigure => rowOf(key).of === "party");
export const startupFigures = figureKeys.filter((key): key is StartupFigure => rowOf(key).startup !== "none");

/** The figures that a sample of a kind has, in the registry's order. */
export function figuresIn(kind: RunKind): FigureKey[] {
  return figureKeys.filter((key) => [kind, "both"].includes(rowOf(key).runs));
}

/**
 * The figure must be read in a run of the kind. A counted run also reads all that is subtracted: the startup overhead of both kinds
 * of samples comes from one.
 */
export function isReadIn(key: FigureKey, kind: RunKind): boolean {
  const { runs, startup } = rowOf(key);
  return runs === "both" || runs === kind || (kind === "counted" && startup !== "none");
}

export function isByName(key: FigureKey): boolean {
  return rowOf(key).value === countsByName;
}

export function isNumber(key: FigureKey): boolean {
  return rowOf(key).value === count;
}

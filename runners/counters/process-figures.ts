import { isReadIn, type PartyFigure, partyFigures, type RunKind, type ValueOf } from "../../results/index.js";
import type { Reading } from "./counter.js";

type Figures = { readonly [Key in PartyFigure]: ValueOf<Key> | null };
type FigureNotes = Readonly<Partial<Record<PartyFigure, string>>>;

/** Counts so far of a process and what descends from it. A figure that can't be had is null, and `reasons` says why under its name. */
export interface ProcessFigures extends Figures {
  readonly reasons: FigureNotes;
  /** The nature of figures that are no exact counts. */
  readonly caveats: FigureNotes;
}

/** A reading for each figure. */
export type FigureReadings = { readonly [Key in PartyFigure]: Reading<ValueOf<Key>> };

/** Values that take the place of readings that there aren't, each with its caveat. */
export type Fallbacks = { readonly [Key in PartyFigure]?: { readonly value: ValueOf<Key>; readonly caveat: string } };

/** The reason of a figure that would slow a load down: a timed run does not count it. */
export const NOT_TIMED = "not counted in timed runs";

/** Takes each figure from its reading, else from its fallback with the caveat, else leaves it null with the reason. */
export function figuresOf(readings: Partial<FigureReadings>, fallbacks: Fallbacks): ProcessFigures {
  const reasons: Partial<Record<PartyFigure, string>> = {};
  const caveats: Partial<Record<PartyFigure, string>> = {};
  const take = (key: PartyFigure) => {
    const reading = readings[key] ?? { unavailable: NOT_TIMED };
    if ("value" in reading) return reading.value;
    const fallback = fallbacks[key];
    if (fallback === undefined) reasons[key] = reading.unavailable;
    else caveats[key] = `${fallback.caveat} (${reading.unavailable})`;
    return fallback?.value ?? null;
  };
  const figures = Object.fromEntries(partyFigures.map((key) => [key, take(key)])) as Figures;
  return { ...figures, reasons, caveats };
}

/** The figures of a party that a run of a kind reads. */
export function figuresReadIn(kind: RunKind): PartyFigure[] {
  return partyFigures.filter((key) => isReadIn(key, kind));
}

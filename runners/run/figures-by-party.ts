import {
  type CountsByName,
  type Figures,
  isByName,
  type Party,
  type PartyFigure,
  partyFigures,
  rowOf,
} from "../../results/index.js";

import { minusEach } from "../counters/load-readers.js";
import { NOT_TIMED, type ProcessFigures } from "../counters/process-figures.js";

/** A figure of the daemon from the load's start to its end; null where one of them is not known. */
function between(key: PartyFigure, before: ProcessFigures | null, after: ProcessFigures | null): number | CountsByName | null {
  const [start, end] = [before?.[key] ?? null, after?.[key] ?? null];
  if (start === null || end === null) return null;
  return isByName(key) ? minusEach(start as CountsByName, end as CountsByName) : (end as number) - (start as number);
}

/**
 * The figures of both parties over one load.
 *
 * @param application of the load's processes, from their first instruction to their end
 * @param before of the daemon's at the load's start; null where there is no daemon
 */
export function figuresByParty(application: ProcessFigures, before: ProcessFigures | null, after: ProcessFigures | null) {
  const byParty = (key: PartyFigure) => ({ application: application[key], daemon: between(key, before, after) });
  return Object.fromEntries(partyFigures.map((key) => [key, byParty(key)])) as Pick<Figures, PartyFigure>;
}

/** A line for each figure that is missing or not exact. A figure that this kind of run never counts needs no word. */
export function remarksOn(party: Party, figures: ProcessFigures | null): string[] {
  return partyFigures.flatMap((key) => {
    const words = figures?.reasons[key] ?? figures?.caveats[key];
    return words === undefined || words === NOT_TIMED ? [] : [`${party} ${rowOf(key).label}: ${words}`];
  });
}

import {
  type CountedSample,
  type Counts,
  type FigureKey,
  type FiguresOfRun,
  figuresIn,
  type RunKind,
  type SampleFrame,
  type TimedSample,
} from "../../results/index.js";
import { minus } from "./counts.js";
import { countsOf, type Measurement } from "./measure.js";

/** The place of a sample in its run. */
export type Place = Omit<SampleFrame, "warnings">;

export function failedSample(place: Place, failure: string): TimedSample & CountedSample {
  return { ...place, warnings: [], ok: false, failure };
}

/** The figures that a sample of a kind has, with the startup overhead taken out of those that it is part of. */
function net<Kind extends RunKind>(measurement: Measurement, startup: Counts, kind: Kind) {
  const { counts, warnings } = minus(countsOf(measurement), startup);
  const all: Readonly<Record<FigureKey, unknown>> = { ...measurement.figures, ...counts };
  return {
    operations: counts.operations,
    figures: Object.fromEntries(figuresIn(kind).map((key) => [key, all[key]])) as FiguresOfRun<Kind>,
    warnings: [...measurement.warnings, ...warnings],
  };
}

export function timedSample(place: Place, measurement: Measurement, startup: Counts): TimedSample {
  const { operations, figures, warnings } = net(measurement, startup, "timed");
  const { seconds, bytes, latencyNs, operations: done } = measurement.outcome;
  const numbers = { seconds, operations: done, bytes, latencyNs, countedOperations: operations };
  return { ...place, warnings, ok: true, figures: { ...numbers, ...figures } };
}

export function countedSample(place: Place, measurement: Measurement, startup: Counts): CountedSample {
  const { operations, figures, warnings } = net(measurement, startup, "counted");
  return { ...place, warnings, ok: true, figures: { operations, ...figures, startup } };
}

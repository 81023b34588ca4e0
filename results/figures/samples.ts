import { z } from "zod";
import { type Layout, layoutOf } from "./layout.js";
import { count } from "./registry.js";
import { type Counts, type FiguresOfRun, figuresIn, startupFigures } from "./values.js";

/** Nanoseconds of one operation, from submission to completion. */
const latencyNs = z.object({ mean: count, p50: count, p95: count, p99: count, p999: count, max: count });
export type LatencyNs = z.infer<typeof latencyNs>;

/** The figures of a timed sample. */
export interface TimedFigures extends FiguresOfRun<"timed"> {
  /** The time of all operations. With one reader: operations x mean latency, finer than fio's run time in whole ms; with several: that run time. */
  seconds: number;
  operations: number;
  bytes: number;
  latencyNs: LatencyNs;
  /** The operations behind the counts: `operations` less those of the startup overhead, which is taken out of them. */
  countedOperations: number;
}

/** The figures of a counted sample: the same job with every counter attached. Its times are not used. */
export interface CountedFigures extends FiguresOfRun<"counted"> {
  /** The operations between the whole job and the job of one operation: the divisor of every count here. */
  operations: number;
  /** The startup overhead, already taken out of the figures: the identical job of one operation. */
  startup: Counts;
}

/** The part of a sample that does not depend on its outcome. */
export interface SampleFrame {
  /** The block, from 0, and the place in that block's order, from 0. */
  readonly block: number;
  readonly order: number;
  readonly startedAt: string;
  readonly warnings: readonly string[];
}

export type TimedSample = Sample<TimedFigures>;
export type CountedSample = Sample<CountedFigures>;

/** A failed sample keeps its place and has no figures; its failure is one line. */
type Sample<Figures> = SampleFrame &
  ({ readonly ok: true; readonly figures: Figures } | { readonly ok: false; readonly failure: string });

const frame = {
  block: z.int().nonnegative(),
  order: z.int().nonnegative(),
  startedAt: z.iso.datetime(),
  failure: z.string().nullable(),
  warnings: z.array(z.string()),
};

const timedLayout = layoutOf(figuresIn("timed"), "sample");
const countedLayout = layoutOf(figuresIn("counted"), "sample");
const startupLayout = layoutOf(startupFigures, "startup");

const timedNumbers = { seconds: count, ios: count, bytes: count, latencyNs, countedIos: count };

/** A timed sample as `run.json` has it. */
export const timedSampleInFile = z.object({ ...frame, figures: z.object({ ...timedNumbers, ...timedLayout.shape }).nullable() });

/** A counted sample as `run.json` has it. */
export const countedSampleInFile = z.object({
  ...frame,
  figures: z
    .object({ ios: count, ...countedLayout.shape, subtracted: z.object({ ios: count, ...startupLayout.shape }) })
    .nullable(),
});

type TimedInFile = z.infer<typeof timedSampleInFile>;
type CountedInFile = z.infer<typeof countedSampleInFile>;
type FrameInFile = Pick<TimedInFile, keyof typeof frame>;

/** The schema is made of the same rows as the type, so a decoded object has all figures of that type. */
function decoded<Figures>(layout: Layout, object: object): Figures {
  return layout.decode(object) as Figures;
}

function sampleOf<Figures>(
  { block, order, startedAt, warnings, failure }: FrameInFile,
  figures: Figures | null,
): Sample<Figures> {
  const common = { block, order, startedAt, warnings };
  if (failure === null && figures !== null) return { ...common, ok: true, figures };
  return { ...common, ok: false, failure: failure ?? "the sample has no figures" };
}

function frameInFile(sample: TimedSample | CountedSample): FrameInFile {
  const { block, order, startedAt, warnings } = sample;
  return { block, order, startedAt, failure: sample.ok ? null : sample.failure, warnings: [...warnings] };
}

export function decodeTimed(sample: TimedInFile): TimedSample {
  if (sample.figures === null) return sampleOf<TimedFigures>(sample, null);
  const { seconds, ios: operations, bytes, latencyNs, countedIos: countedOperations } = sample.figures;
  const figures = decoded<FiguresOfRun<"timed">>(timedLayout, sample.figures);
  return sampleOf(sample, { seconds, operations, bytes, latencyNs, countedOperations, ...figures });
}

export function encodeTimed(sample: TimedSample): object {
  if (!sample.ok) return { ...frameInFile(sample), figures: null };
  const { seconds, operations, bytes, latencyNs, countedOperations } = sample.figures;
  const numbers = { seconds, ios: operations, bytes, latencyNs, countedIos: countedOperations };
  return { ...frameInFile(sample), figures: { ...numbers, ...timedLayout.encode(sample.figures) } };
}

export function decodeCounted(sample: CountedInFile): CountedSample {
  if (sample.figures === null) return sampleOf<CountedFigures>(sample, null);
  const { ios, subtracted } = sample.figures;
  const startup = { operations: subtracted.ios, ...decoded<Omit<Counts, "operations">>(startupLayout, subtracted) };
  const figures = decoded<FiguresOfRun<"counted">>(countedLayout, sample.figures);
  return sampleOf(sample, { operations: ios, ...figures, startup });
}

/** @param hasDaemon the file says of native that there is no daemon, rather than that its transitions are not known */
export function encodeCounted(sample: CountedSample, hasDaemon: boolean): object {
  if (!sample.ok) return { ...frameInFile(sample), figures: null };
  const { operations, startup } = sample.figures;
  const figures = countedLayout.encode(sample.figures);
  if (!hasDaemon) Object.assign(figures.transitions as object, { daemon: null });
  const subtracted = { ios: startup.operations, ...startupLayout.encode(startup) };
  return { ...frameInFile(sample), figures: { ios: operations, ...figures, subtracted } };
}

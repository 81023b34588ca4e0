import { isReadIn, rowOf, type SystemFigure, type ValueOf } from "../../results/index.js";
import { type LoadTarget, loadReaders } from "./load-readers.js";

/** Figures of the system over one load. One that this kind of run does not read is null, as is one that can't be had. */
type SystemFigures = { readonly [Key in SystemFigure]: ValueOf<Key> | null };

/** Watches from outside of its processes while one load runs: opened before it, read after it. */
export interface LoadWatch extends Disposable {
  /** `reasons`: a line for each figure that can't be had. */
  read(): { readonly figures: SystemFigures; readonly reasons: readonly string[] };
}

/** Opens the readers of all figures of the system that a run of the kind has. */
export function watchLoad(target: LoadTarget): LoadWatch {
  const keys = Object.keys(loadReaders) as SystemFigure[];
  // The readers that take long to open come first, so that the quick ones are read next to the load.
  const opened = keys
    .toReversed()
    .flatMap((key) => (isReadIn(key, target.set) ? [{ key, reader: loadReaders[key](target) }] : []));
  return {
    read() {
      const figures: Record<string, unknown> = Object.fromEntries(keys.map((key) => [key, null]));
      const reasons: string[] = [];
      for (const { key, reader } of opened.toReversed()) {
        const reading = reader.read();
        if (reading === null) continue;
        if ("value" in reading) figures[key] = reading.value;
        else reasons.push(`${rowOf(key).label}: ${reading.unavailable}`);
      }
      return { figures: figures as SystemFigures, reasons };
    },
    [Symbol.dispose]() {
      for (const { reader } of opened) reader[Symbol.dispose]?.();
    },
  };
}

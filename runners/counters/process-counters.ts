import type { PartyFigure, RunKind } from "../../results/index.js";
import { ProcFigures, type ProcReading } from "./proc-figures.js";
import { type Fallbacks, type FigureReadings, figuresOf, figuresReadIn, type ProcessFigures } from "./process-figures.js";
import { type FigureReader, processReaders } from "./process-readers.js";
import type { CounterScope } from "./scoped-counter.js";

/**
 * The counters to attach.
 *
 * "timed": those that cost a load's reads nothing. For a tree they are the figures that /proc keeps anyway. For "children", which
 * have ended when they are read, they are two software events, which cost some 0.4 us a context switch. A load that waits for a
 * daemon at every read takes fio's own figures instead (see load-figures.ts).
 *
 * "counted": exact counters of everything. The tracepoints of system calls and page faults slow every system call of the
 * counted process: such runs give counts, never times.
 */
export type CounterSet = RunKind;

/** Counters of one process and what descends from it. */
export interface ProcessCounters extends Disposable {
  /** The figures so far, while the process runs. Exact counters also have them after its end. */
  read(): ProcessFigures;
}

/**
 * Attaches counters to a process that has not executed its program yet (see stopped-process.ts): they count from its
 * exec on. Where the rights for exact counters are missing, /proc gives a fallback for the figures that it has.
 */
export function attachCounters(pid: number, set: CounterSet, scope: CounterScope = "tree"): ProcessCounters {
  return set === "timed" && scope === "tree" ? readingProc(pid) : attachExact(pid, set, scope);
}

const ENDED = { unavailable: "the process has ended, and /proc has forgotten it" };

function readingProc(pid: number): ProcessCounters {
  const proc = new ProcFigures(pid);
  return {
    read() {
      const reading = proc.read();
      if (reading === null) return figuresOf({ contextSwitches: ENDED, cpuSeconds: ENDED }, {});
      const { contextSwitches, cpuSeconds, endedThreads } = reading;
      if (endedThreads === 0) {
        return figuresOf({ contextSwitches: { value: contextSwitches }, cpuSeconds: { value: cpuSeconds } }, {});
      }
      const inexact = { unavailable: `${endedThreads} of its threads ended` };
      return figuresOf({ contextSwitches: inexact, cpuSeconds: inexact }, fallbacksOf(reading, "timed"));
    },
    [Symbol.dispose]() {},
  };
}

/** Attaches counters that can still be read once the process has ended: /proc forgets it. */
export function attachExact(pid: number, set: CounterSet, scope: CounterScope): ProcessCounters {
  const readers = figuresReadIn(set).map((key): [PartyFigure, FigureReader<unknown>] => [key, processReaders[key](pid, scope)]);
  // /proc forgets children that have ended, and the scope "children" has no others.
  const proc = scope === "tree" ? new ProcFigures(pid) : null;
  return {
    read() {
      const readings = Object.fromEntries(readers.map(([key, reader]) => [key, reader.read()])) as Partial<FigureReadings>;
      // Read only where it is needed: without the rights for the counters.
      const isMissing = readings.contextSwitches !== undefined && "unavailable" in readings.contextSwitches;
      const reading = isMissing ? (proc?.read() ?? null) : null;
      return figuresOf(readings, reading === null ? {} : fallbacksOf(reading, set));
    },
    [Symbol.dispose]() {
      for (const [, reader] of readers) reader[Symbol.dispose]();
    },
  };
}

/** The figures that /proc has of a process tree. */
function fallbacksOf(proc: ProcReading, set: CounterSet): Fallbacks {
  const caveat = "from /proc: without the work of threads that have ended";
  const known: Fallbacks = {
    contextSwitches: { value: proc.contextSwitches, caveat },
    cpuSeconds: { value: proc.cpuSeconds, caveat },
    voluntarySwitches: { value: proc.voluntarySwitches, caveat },
    syscallsByName: {
      value: { "read*": proc.readCalls, "write*": proc.writeCalls },
      caveat: "from /proc/PID/io: calls that read or write, no others",
    },
  };
  return Object.fromEntries(figuresReadIn(set).map((key) => [key, known[key]])) as Fallbacks;
}

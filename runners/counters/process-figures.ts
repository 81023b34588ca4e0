import type { Reading } from "./counter.js";

/** Counts so far. A figure that can't be had is null, and `reasons` says why under its name. */
export interface ProcessFigures {
  readonly syscalls: number | null;
  /** Names without a call are left out; `other` is the sum of the calls that have no counter of their own. */
  readonly syscallsByName: Readonly<Record<string, number>> | null;
  /** Page faults taken in user mode. */
  readonly userPageFaults: number | null;
  /** How often a task gave the CPU up or lost it. */
  readonly contextSwitches: number | null;
  /** Those of them in which the task had nothing to do but wait; in the others it was preempted, or yielded. */
  readonly voluntarySwitches: number | null;
  /** Switches to the idle task: nobody else wanted this CPU, so what the task waits for is on another, or in a device. */
  readonly switchesToIdle: number | null;
  /** How often a task went on on another CPU. */
  readonly migrations: number | null;
  /** Hardware interrupts while a task ran: devices, timer, other CPUs. In user mode or in the kernel: the tracepoints don't tell. */
  readonly interrupts: number | null;
  /** Time on a CPU in user mode and in the kernel. Exact counters include what a hypervisor steals meanwhile. */
  readonly cpuSeconds: number | null;
  readonly reasons: FigureNotes;
  /** Figures that are no exact counts, and what they are instead. */
  readonly marks: FigureNotes;
}

type Figures = Omit<ProcessFigures, "reasons" | "marks">;
type FigureNotes = Readonly<Partial<Record<keyof Figures, string>>>;

/** A reading for each figure. */
export type FigureReadings = { readonly [Name in keyof Figures]: Reading<NonNullable<Figures[Name]>> };

/** What can take the place of a reading that there isn't. */
export type StandIns = {
  readonly [Name in keyof Figures]?: { readonly value: NonNullable<Figures[Name]>; readonly mark: string };
};

const notTimed = { unavailable: "not counted in timed runs" };

/** The readings of what slows a load down, in a timed run. */
export const NOT_TIMED = {
  syscalls: notTimed,
  syscallsByName: notTimed,
  userPageFaults: notTimed,
  voluntarySwitches: notTimed,
  switchesToIdle: notTimed,
  migrations: notTimed,
  interrupts: notTimed,
} as const;

/** Takes each figure from its reading, else from its stand-in with its mark, else leaves it null with the reason. */
export function figuresOf(readings: FigureReadings, standIns: StandIns): ProcessFigures {
  const reasons: Partial<Record<keyof Figures, string>> = {};
  const marks: Partial<Record<keyof Figures, string>> = {};
  const take = <Name extends keyof Figures>(name: Name): Figures[Name] | null => {
    const reading: Reading<NonNullable<Figures[Name]>> = readings[name];
    if ("value" in reading) return reading.value;
    const standIn = standIns[name];
    if (standIn === undefined) {
      reasons[name] = reading.unavailable;
      return null;
    }
    marks[name] = `${standIn.mark} (${reading.unavailable})`;
    return standIn.value;
  };
  return {
    syscalls: take("syscalls"),
    syscallsByName: take("syscallsByName"),
    userPageFaults: take("userPageFaults"),
    contextSwitches: take("contextSwitches"),
    voluntarySwitches: take("voluntarySwitches"),
    switchesToIdle: take("switchesToIdle"),
    migrations: take("migrations"),
    interrupts: take("interrupts"),
    cpuSeconds: take("cpuSeconds"),
    reasons,
    marks,
  };
}

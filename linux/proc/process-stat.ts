import { readFileSync } from "node:fs";

/** Some fields of proc_pid_stat(5), of a process or of one thread. Times are in clock ticks. */
export interface ProcessStat {
  /** The first 15 bytes of the program's name; it may hold spaces and parentheses. */
  readonly name: string;
  /** One letter: `R` runs or waits for a CPU, `S` sleeps, `D` waits for a disk, `Z` has ended and waits to be reaped. */
  readonly state: string;
  readonly parent: number;
  readonly userTicks: number;
  readonly systemTicks: number;
  /** Since boot. Text, since it is compared and never computed with. */
  readonly startTicks: string;
}

/**
 * @param folder `/proc/PID`, or `/proc/PID/task/TID`
 * @throws where the process is gone
 */
export function readProcessStat(folder: string): ProcessStat {
  const line = readFileSync(`${folder}/stat`, "utf8");
  const [nameStart, nameEnd] = [line.indexOf("("), line.lastIndexOf(")")];
  // Behind the name comes field 3.
  const fields = line.slice(nameEnd + 2).split(" ");
  const field = (number: number) => fields[number - 3] ?? "";
  return {
    name: line.slice(nameStart + 1, nameEnd),
    state: field(3),
    parent: Number(field(4)),
    userTicks: Number(field(14)),
    systemTicks: Number(field(15)),
    startTicks: field(22),
  };
}

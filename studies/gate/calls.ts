import { type Load, startLoad } from "./busy.js";
import type { DaemonName } from "./daemons.js";
import { gateOneCallMore } from "./one-call-more.js";

interface CallsSetting {
  readonly tries: number;
  readonly daemons: readonly DaemonName[];
  readonly loads: readonly Load[];
  readonly commandOf: (daemon: DaemonName) => string;
  readonly library: string;
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** The runs of `fusemeter gate` that find one system call more for each READ by its counts, and the time that each takes. */
export async function tryCalls(setting: CallsSetting): Promise<void> {
  const { tries, daemons, loads, commandOf, library, folder, signal } = setting;
  for (const daemon of daemons) {
    for (const load of loads) {
      await using _load = startLoad(load);
      const seconds: number[] = [];
      for (let index = 0; index < tries; index++) {
        const run = await gateOneCallMore(folder, commandOf(daemon), library, signal);
        const isFound = run.exitCode === 1 && run.worse.includes("daemon system calls");
        if (isFound) seconds.push(run.seconds);
        console.error(`try ${index + 1}: ${daemon}, ${load}: exit ${run.exitCode} after ${run.seconds.toFixed(0)} s`);
        if (!isFound) console.error(run.stderr);
      }
      const longest = seconds.length === 0 ? "" : `, ${Math.max(...seconds).toFixed(0)} s at most`;
      console.log(`${daemon}, ${load}: one system call more: found in ${seconds.length} of ${tries}${longest}`);
    }
  }
}

import { FusemeterError } from "../errors.js";
import { entryOf, type Judge, judgeNothing } from "../reports/gate/index.js";
import { entriesBefore, type Run, saveEntry } from "../results/index.js";
import type { Outcome } from "./exit-codes.js";
import { type GateOptions, type GateRules, withSlices } from "./gate-options.js";
import { saveDefaults } from "./gate-reference.js";
import { measureForGate } from "./gate-run.js";
import { withRun } from "./measuring.js";
import { requestedRun } from "./requested-run.js";
import { checkWritable } from "./writable.js";

/**
 * Puts a run into a baseline's file.
 *
 * @param result the run; null where one is to be measured
 */
export async function saveBaseline(path: string, options: GateOptions, rules: GateRules, result: Run | null): Promise<Outcome> {
  // A file that is no baseline is refused before anything is measured.
  await entriesBefore(path);
  checkWritable(path, "save");
  if (result !== null) return save(path, result);
  const asked = requestedRun(withSlices(options, rules), saveDefaults(), new Date());
  const judge: Judge = (run, { kinds }) => judgeNothing(run, { ...rules, kinds });
  const plan = { ...rules, countedRuns: 2, judge, isCounted: () => true };
  return withRun({
    measure: (session) => measureForGate(asked, plan, session),
    tell: ({ run }) => save(path, run),
    whenEnded: () => "nothing was saved",
  });
}

async function save(path: string, run: Run): Promise<Outcome> {
  const failed = run.cells.find(({ samples, counts }) => [...samples, ...counts].some(({ ok }) => !ok));
  if (failed !== undefined)
    throw nothingSaved(path, `samples failed on ${failed.backend}`, "look into the result, then measure again");
  if (!run.cells.some(({ counts }) => counts.some(({ ok }) => ok))) {
    throw nothingSaved(path, "no sample was counted", "look into the result, then measure again");
  }
  const entry = entryOf(run, new Date());
  if (entry.cells.every(({ counts, timesToNative }) => Object.keys({ ...counts, ...timesToNative }).length === 0)) {
    const reason = "this host gave no count, and no time that can be compared with native's";
    throw nothingSaved(path, reason, "run as root, with a backend that mounts. See: fusemeter doctor");
  }
  await saveEntry(path, entry);
  console.log(`${path}: ${run.cells.length} cells of host ${run.host.fingerprint} saved (run ${run.id})`);
  return "done";
}

function nothingSaved(path: string, reason: string, remedy: string): FusemeterError {
  return new FusemeterError({ code: "NOTHING_TO_SAVE", fault: "host", problem: `nothing was saved in ${path}`, reason, remedy });
}

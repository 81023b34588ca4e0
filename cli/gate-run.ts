import { begin, type Decision, eventText, type Plan, type Round, step } from "../reports/gate/index.js";
import type { Run } from "../results/index.js";
import { measureInRounds, newRun } from "../runners/run/index.js";
import type { GateRules } from "./gate-options.js";
import { prepare, runSetting, type Session } from "./measuring.js";
import type { RequestedRun } from "./requested-run.js";

/** Measures for a gate: the rounds that its procedure asks for. */
export async function measureForGate(
  asked: RequestedRun,
  plan: GateRules & Pick<Plan, "countedRuns" | "judge">,
  session: Session,
): Promise<{ readonly run: Run; readonly decision: Decision }> {
  await using prepared = await prepare(asked, session);
  const run = newRun(asked, prepared);
  const { state, round: first } = begin({ ...plan, backends: [...prepared.usable.keys()] });
  let last = { state, decision: null as Decision | null };
  const next = (measured: Run, spentSeconds: number): Round | null => {
    const { round, said, ...reached } = step(last.state, measured, spentSeconds);
    last = reached;
    for (const event of said) session.line.say(eventText(event));
    return round;
  };
  await measureInRounds(run, first, { ...runSetting(prepared, session), directory: asked.directory, next });
  session.signal.throwIfAborted();
  // The procedure ends with an analysis, and only the procedure ends the rounds.
  return { run, decision: last.decision! };
}

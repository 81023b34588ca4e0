import { formatCell } from "../reports/figures/index.js";
import { begin, type Decision, eventText, type Plan, type Round, step } from "../reports/gate/index.js";
import type { CellKey, Run } from "../results/index.js";
import { measureInRounds, newRun } from "../runners/run/index.js";
import type { GateRules } from "./gate-options.js";
import { prepare, runSetting, type Session } from "./measuring.js";
import type { RequestedRun } from "./requested-run.js";

/** The part of a gate's plan that its command decides. */
interface GatePlan extends GateRules, Pick<Plan, "countedRuns" | "judge"> {
  /** True for a backend whose counts are judged: of another one slices alone are taken. */
  readonly isCounted: (backend: string) => boolean;
}

/** Measures for a gate: the rounds that its procedure asks for. */
export async function measureForGate(
  asked: RequestedRun,
  plan: GatePlan,
  session: Session,
): Promise<{ readonly run: Run; readonly decision: Decision }> {
  await using prepared = await prepare(asked, session);
  const run = newRun(asked, prepared);
  const backends = [...prepared.usable.keys()].filter(plan.isCounted);
  const { state, round: first } = begin({ ...plan, backends });
  let last = { state, decision: null as Decision | null };
  let { places } = first;
  const next = (measured: Run, spentSeconds: number): Round | null => {
    const { round, said, ...reached } = step(last.state, measured, spentSeconds);
    last = reached;
    places = round?.places ?? null;
    for (const event of said) session.line.say(eventText(event));
    return round;
  };
  const isCounted = (key: CellKey) => plan.isCounted(key.backend) && (places === null || places.includes(formatCell(key)));
  await measureInRounds(run, first, { ...runSetting(prepared, session), isCounted, directory: asked.directory, next });
  session.signal.throwIfAborted();
  // The procedure ends with an analysis, and only the procedure ends the rounds.
  return { run, decision: last.decision! };
}

import { begin, type Decision, eventText, type Plan, type Round, step } from "../reports/gate/index.js";
import type { Run } from "../results/index.js";
import { measureInRounds, prepareRun } from "../runners/run/index.js";
import { formatSize } from "../workloads/index.js";

import type { GateRules, GateWords } from "./gate-options.js";
import { newRun } from "./new-run.js";
import { ProgressLine } from "./progress-line.js";
import { parseRunWords } from "./run-options.js";

/** Measures for a gate: the rounds that its procedure asks for. */
export async function measureForGate(
  words: GateWords,
  plan: GateRules & Pick<Plan, "countedRuns" | "judge">,
  now: Date,
  signal: AbortSignal,
): Promise<{ run: Run; decision: Decision; directory: string }> {
  const asked = parseRunWords({ ...words, profile: "ci" }, now);
  using line = new ProgressLine();
  await using prepared = await prepareRun(asked.request, asked.backends, {
    backendsAreNamed: asked.backendsAreNamed,
    signal,
    onPhase: (phase) => line.note(phase),
  });
  const run = newRun(asked, prepared);
  for (const { name, unavailable } of prepared.records) {
    if (unavailable !== null) line.say(`${name} is left out: ${unavailable}`);
  }
  const { state, round: first } = begin({ ...plan, hasTimes: plan.kinds.has("times"), backends: [...prepared.usable.keys()] });
  let last = { state, decision: null as Decision | null };
  const next = (measured: Run, spentSeconds: number): Round | null => {
    const { round, said, ...reached } = step(last.state, measured, spentSeconds);
    last = reached;
    for (const event of said) line.say(eventText(event));
    return round;
  };
  await measureInRounds(run, first, {
    backends: prepared.usable,
    workspace: prepared.workspace,
    directory: asked.directory,
    signal,
    onProgress: (progress) => line.show(progress),
    onPhase: (phase) => line.note(phase),
    onFailure: ({ key, block }, failure) =>
      line.say(
        `failed: ${key.workload} ${formatSize(key.ioSizeBytes)} ${key.cache} on ${key.backend}, block ${block + 1}: ${failure}`,
      ),
    beforeBlock: async () => {},
    next,
  });
  // The procedure ends with an analysis, and only the procedure ends the rounds.
  return { run, decision: last.decision!, directory: asked.directory };
}

import { blocksPlanned, type Decision, nextRound, restOfPilot, timeRatios } from "../reports/gate/index.js";
import type { Run } from "../results/index.js";
import { measureInRounds, prepareRun, type Round } from "../runners/run/index.js";
import { formatSize } from "../workloads/index.js";

import type { GateRules, GateWords } from "./gate-options.js";
import { newRun } from "./new-run.js";
import { ProgressLine } from "./progress-line.js";
import { parseRunWords } from "./run-options.js";

/** Judges a run as it stands. */
type Look = (run: Run, freshFrom: number | null) => Decision;

const undecided: Decision = { rows: [], verdict: "can't tell", exitCode: 3, notes: [], plannedBlocks: null };

/**
 * Measures for a gate: a few blocks, then as many as the noise asks for, then more where something looks worse, all within the
 * budget.
 *
 * @param look null where nothing is judged: a baseline is taken
 */
export async function measureForGate(
  words: GateWords,
  rules: GateRules,
  look: Look | null,
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
  const hasTimes = rules.measures.has("times");
  // One counted run tells; a baseline gets a second that must agree with it.
  const countedBlocks = look === null ? 2 : 1;
  let decision = undecided;
  let looks = 0;
  let freshFrom: number | null = null;
  let firstBlockSeconds: number | null = null;

  const next = (measured: Run, spentSeconds: number): Round | null => {
    firstBlockSeconds ??= spentSeconds;
    const done = measured.request.blocks;
    const secondsPerBlock = done === 1 ? 0 : (spentSeconds - firstBlockSeconds) / (done - 1);
    const time = { spentSeconds, secondsPerBlock, budgetSeconds: rules.budgetSeconds };
    const rest = hasTimes && looks === 0 ? restOfPilot(done, time) : null;
    if (rest !== null) return { ...rest, countedBlocks: countedBlocks - 1 };
    looks += 1;
    decision =
      look === null
        ? { ...undecided, plannedBlocks: hasTimes ? blocksPlanned(timeRatios(measured), rules.leastRatio) : null }
        : look(measured, freshFrom);
    const planned = decision.plannedBlocks;
    const round = nextRound({ run: measured, decision, looks, time });
    const suspects = decision.rows.filter(({ verdict }) => verdict === "suspect");
    if (suspects.length > 0) freshFrom ??= measured.request.blocks;
    if (looks === 1 && planned !== null) {
      const effect = ((rules.leastRatio - 1) * 100).toFixed(0);
      line.say(`By the noise so far it takes ${planned} blocks to see ${effect} percent with 95 percent power.`);
    }
    if (round !== null) {
      const why =
        suspects.length > 0 ? `${suspects.length} of ${decision.rows.length} measures look worse` : "the noise asks for it";
      line.say(`${why}: ${round.blocks} ${round.blocks === 1 ? "block" : "blocks"} more after ${Math.round(spentSeconds)} s`);
    }
    return round;
  };

  const first = hasTimes ? { blocks: 1, countedBlocks: 1 } : { blocks: countedBlocks, countedBlocks };
  await measureInRounds(
    run,
    { ...first, opens: [...prepared.usable.keys()] },
    {
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
    },
  );
  return { run, decision, directory: asked.directory };
}

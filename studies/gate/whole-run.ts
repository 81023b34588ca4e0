import type { Run, RunRequest } from "../../results/index.js";
import { ownBackend } from "../../runners/backends/index.js";
import { measureInRounds, newRun, prepareRun } from "../../runners/run/index.js";

/** The names of the backends of a run: the first two are compared, the third is the first under another name. */
export const pair = { name: "daemon", base: "base", head: "head", again: "base-again" };

interface WholeRun {
  readonly id: string;
  /** Lines of shell that mount base and head. */
  readonly base: string;
  readonly head: string;
  readonly workloads: readonly string[];
  /** The time that the run takes, counts included: all of it, whatever could be decided before. */
  readonly seconds: number;
  /** The directory of the result. */
  readonly directory: string;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** Measures one run as `fusemeter gate` does, counts first and then rounds of slices, until its time is over. */
export async function measureWhole(whole: WholeRun): Promise<Run> {
  const { id, base, head, workloads, seconds, directory, seed, signal } = whole;
  const backends = [ownBackend(pair.base, base), ownBackend(pair.head, head), ownBackend(pair.again, base)];
  const request: RunRequest = {
    backends: backends.map(({ name, command }) => ({ name, command })),
    workloads: [...workloads],
    ioSizesBytes: [4096],
    caches: ["warm"],
    blocks: 1,
    countedBlocks: 1,
    slices: { placements: ["one-core"], rounds: null, precision: 0.01, budgetSeconds: seconds },
    fileSizeBytes: 2 ** 30,
    directory,
  };
  const setting = { backendsAreRequired: true, signal, onPhase() {}, checkHost() {} };
  await using prepared = await prepareRun(request, backends, setting);
  const run = newRun({ id, profile: "ci", seed, request }, prepared);
  const judged = [pair.base, pair.head];
  let taken = 0;
  let countsSeconds = 0;
  await measureInRounds(
    run,
    { blocks: 1, countedBlocks: 1, opens: judged, sliceRounds: 0 },
    {
      backends: prepared.usable,
      workspace: prepared.workspace,
      directory,
      signal,
      isCounted: ({ backend }) => judged.includes(backend),
      onProgress() {},
      onPhase() {},
      onFailure: ({ key }, failure) => console.error(`${id}: ${key.backend}: ${failure}`),
      onFailedSlices: ({ backend }, _, round, failure) => console.error(`${id}: ${backend}, round ${round}: ${failure}`),
      beforeBlock: async () => {},
      next(_, spentSeconds) {
        if (taken === 0) countsSeconds = spentSeconds;
        const secondsPerRound = taken === 0 ? 0 : (spentSeconds - countsSeconds) / taken;
        if (spentSeconds + secondsPerRound > seconds) return null;
        taken += 1;
        return { blocks: 0, countedBlocks: 0, opens: [], sliceRounds: 1 };
      },
    },
  );
  return run;
}

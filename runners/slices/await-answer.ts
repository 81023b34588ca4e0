import { setTimeout as sleep } from "node:timers/promises";

/** The wait for an answer of a process that may hang. */
export interface AnswerWait {
  readonly limitMs: number;
  /** Called one after the other while there is no answer: the first one after the limit, and each of the others a grace period later. */
  readonly ways: readonly ((waitedMs: number) => void)[];
}

/** The time in which a freed process answers. */
const GRACE_MS = 5000;

/** Waits for an answer. Where there is none for too long, each of the ways to free the process is tried in turn. */
export async function awaitAnswer<T>(answer: Promise<T>, { limitMs, ways }: AnswerWait): Promise<T> {
  const answered = new AbortController();
  const tryWays = async () => {
    for (const [index, way] of ways.entries()) {
      await sleep(index === 0 ? limitMs : GRACE_MS, undefined, { signal: answered.signal });
      way(limitMs);
    }
  };
  // An answer ends the watch: its sleep is then rejected.
  const watch = tryWays().catch(() => {});
  try {
    return await answer;
  } finally {
    answered.abort();
    await watch;
  }
}

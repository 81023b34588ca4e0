import { setTimeout as sleep } from "node:timers/promises";
import { originError, PassingFault } from "./errors.js";
import type { TransferCounts } from "./ranges.js";

/** The pauses between attempts. */
export interface Patience {
  /** Attempts in all. */
  readonly attempts: number;
  /** The first pause; each later one is twice as long. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** The silence of a server that ends an attempt. */
  readonly idleMs: number;
}

/** Five attempts take about 1.5 s of pauses, so that a waiting reader learns soon of an origin that is gone. */
export const usualPatience: Patience = { attempts: 5, firstPauseMs: 100, longestPauseMs: 5000, idleMs: 15_000 };

/** The longest pause that a server can ask for. */
const MOST_ASKED_MS = 30_000;

/**
 * Runs attempts until one succeeds. Only a `PassingFault` is tried again.
 *
 * @throws {FusemeterError} `ORIGIN_UNAVAILABLE` after the last attempt
 * @throws the signal's reason after an abort
 */
export async function retrying<T>(
  name: string,
  { attempts, firstPauseMs, longestPauseMs }: Patience,
  counts: TransferCounts,
  signal: AbortSignal,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      signal.throwIfAborted();
      return await attempt();
    } catch (fault) {
      signal.throwIfAborted();
      if (!(fault instanceof PassingFault)) throw fault;
      if (tried >= attempts) throw originError("ORIGIN_UNAVAILABLE", `${name} can't be reached`, fault.message, fault);
      const grown = Math.min(firstPauseMs * 2 ** (tried - 1), longestPauseMs);
      // Clients that failed together must not come back together.
      const pauseMs = Math.max(grown * (0.5 + Math.random() / 2), Math.min(fault.pauseMs, MOST_ASKED_MS));
      await sleep(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
      counts.retries++;
    }
  }
}

import { awaitAnswer } from "./await-answer.js";
import { underWay } from "./reader/under-way.js";
import type { RoundMount } from "./round-mounts.js";
import type { RoundSetting } from "./round-setting.js";
import type { SliceReader } from "./slice-reader.js";

/** After this long without an answer a daemon hangs. */
const HANG_MS = 60_000;

/**
 * A wait for the reader's answers that ends. A reader that gives none is freed: first from the mount that it reads, then from all
 * mounts, at last by its own end. An abort frees it from all mounts at once.
 */
export function freeingWait({ hangMs = HANG_MS, signal }: RoundSetting, reader: SliceReader, mounts: readonly RoundMount[]) {
  const abort = (some: readonly RoundMount[], reason: string) => {
    for (const mount of some) mount.abort(reason);
  };
  const hung = (waitedMs: number) => `the daemon gave no answer for ${Math.round(waitedMs / 1000)} s`;
  const ways = [
    (waitedMs: number) => {
      const contender = underWay(reader.pid);
      abort(contender === null ? mounts : [mounts[contender]!], hung(waitedMs));
    },
    (waitedMs: number) => abort(mounts, hung(waitedMs)),
    () => reader.end(),
  ];
  /** @param usualMs the time that the answer takes in any case */
  return async <T>(answer: Promise<T>, usualMs = 0): Promise<T> => {
    const onAbort = () => abort(mounts, "the run was ended");
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await awaitAnswer(answer, { limitMs: hangMs + usualMs, ways });
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  };
}

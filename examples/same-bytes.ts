/**
 * The least policy with a transform: every file is read through the daemon and changed into itself. As a backend it prices what a
 * transform costs before it does anything:
 *
 *     fusemeter run --backend 'transformed=fusemeter mount --policy examples/same-bytes.ts {source} {mountpoint}'
 */
import type { Decision } from "../filesystem/index.js";

export const transforms = { sameBytes: () => {} };

export function decideOpen(): Decision {
  return { transform: "sameBytes" };
}

/**
 * The smallest policy with a transform: the daemon serves every read and changes the data into itself. As a backend it shows the
 * cost of a transform that does nothing:
 *
 *     fusemeter run --backend 'transformed=fusemeter mount --policy examples/same-bytes.ts {source} {mountpoint}'
 */
import type { Decision } from "../filesystem/index.js";

export const transforms = { sameBytes: () => {} };

export function decideOpen(): Decision {
  return { transform: "sameBytes" };
}

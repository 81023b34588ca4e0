import { amplification } from "./each/amplification.js";
import { cpuAlways } from "./each/cpu-always.js";
import { daemonReadahead } from "./each/daemon-readahead.js";
import { fullCostForever } from "./each/full-cost-forever.js";
import { latencyShare } from "./each/latency-share.js";
import { onlyWhileLoading, tenth, timeout } from "./each/lazy-mount.js";
import { metadata } from "./each/metadata.js";
import { mixedIo } from "./each/mixed-io.js";
import { openDecides } from "./each/open-decides.js";
import { overhead } from "./each/overhead.js";
import { paperClasses } from "./each/paper-classes.js";
import { perInode } from "./each/per-inode.js";
import { power } from "./each/power.js";
import { randomGainsMost } from "./each/random-gains-most.js";
import { readaheadOff } from "./each/readahead-off.js";
import { sequentialNeedsLeast } from "./each/sequential-needs-least.js";
import { stacking } from "./each/stacking.js";
import { switches } from "./each/switches.js";
import { transitions } from "./each/transitions.js";
import type { Claim } from "./judging/claim.js";

/** Every claim, in the order of the report. */
export const claims = [
  transitions,
  switches,
  overhead,
  amplification,
  latencyShare,
  power,
  cpuAlways,
  daemonReadahead,
  onlyWhileLoading,
  timeout,
  openDecides,
  randomGainsMost,
  sequentialNeedsLeast,
  stacking,
  mixedIo,
  perInode,
  tenth,
  fullCostForever,
  metadata,
  paperClasses,
  readaheadOff,
] as const satisfies readonly Claim[];

export type ClaimId = (typeof claims)[number]["id"];

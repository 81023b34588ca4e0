import type { Claim } from "../judging/claim.js";
import { judged, untested } from "../judging/finding.js";
import { BALSINI } from "../judging/sources.js";
import { textsOf, trialsOf } from "../judging/trials.js";

/** Passthrough, overlayfs and FUSE stacked on each other. */
export const stacking = {
  id: "stacking",
  says: "what may be stacked: passthrough over overlayfs, overlayfs over passthrough, passthrough over FUSE",
  source: `${BALSINI}; Balsini, Lazy Loading Layers (linux-unionfs, 2021-01-26)`,
  predicted: "the first two work, the third is refused",
  studies: ["stacking"],
  judge(evidence) {
    const trials = trialsOf(evidence, "stacking");
    if (trials.length === 0) return untested("no mounts could be stacked: it takes root and FUSE");
    const allowed = trials.filter(({ works }) => works).length;
    const [overOverlay, overlayOver, overFuse] = trials;
    const holds = overOverlay?.works === true && overlayOver?.works === true && overFuse?.works === false;
    return judged(holds, {
      value: allowed,
      unit: `of ${trials.length} combinations pass reads through`,
      interval: [allowed, allowed],
      why: textsOf(trials),
    });
  },
} as const satisfies Claim;

import type { Claim } from "../judging/claim.js";
import { judged, untested } from "../judging/finding.js";
import { textsOf, trialsOf } from "../judging/trials.js";

/** Writes through one descriptor of a file, seen through all others. */
export const perInode = {
  id: "per-inode",
  says: "a mapping for each inode is enough: the descriptors of one file agree",
  source: "Miklos Szeredi and Amir Goldstein, passthrough v13 (linux-fsdevel, 2023-06-06)",
  predicted: "a write is seen through every descriptor",
  studies: ["per-inode"],
  judge(evidence) {
    const trials = trialsOf(evidence, "per-inode");
    if (trials.length === 0) return untested("nothing could be mounted: it takes root and FUSE passthrough");
    const agreeing = trials.filter(({ works }) => works).length;
    return judged(agreeing === trials.length, {
      value: agreeing,
      unit: `of ${trials.length} mixtures of modes agree`,
      interval: [agreeing, agreeing],
      why: textsOf(trials),
    });
  },
} as const satisfies Claim;

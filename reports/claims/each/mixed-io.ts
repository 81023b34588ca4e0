import type { Claim } from "../judging/claim.js";
import { judged, untested } from "../judging/finding.js";
import { textsOf, trialsOf } from "../judging/trials.js";

/** Buffered reads beside asynchronous direct writes of the same file. */
export const mixedIo = {
  id: "mixed-io",
  says: "mixed buffered and asynchronous writes are wrong under plain FUSE and right with passthrough",
  source: "Amir Goldstein, passthrough v13 (linux-fsdevel, 2023-06-06), of xfstests generic/451",
  predicted: "stale data under FUSE, none with passthrough",
  studies: ["mixed-io"],
  judge(evidence) {
    const trials = trialsOf(evidence, "mixed-io");
    const [plain, passed] = trials;
    if (plain === undefined || passed === undefined) {
      return untested("nothing could be mounted: it takes root and FUSE passthrough");
    }
    return judged(!plain.works && passed.works, {
      value: trials.filter(({ works }) => works).length,
      unit: `of ${trials.length} modes right`,
      interval: null,
      why: textsOf(trials),
    });
  },
} as const satisfies Claim;

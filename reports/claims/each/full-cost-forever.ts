import { formatCount } from "../../figures/formats.js";
import { randomWarm, readRequests } from "../judging/cells.js";
import type { Claim } from "../judging/claim.js";
import { intervalOf, judged, untested } from "../judging/finding.js";
import { LAYERS } from "../judging/sources.js";

/** READ requests for data that is in memory already. */
export const fullCostForever = {
  id: "full-cost-forever",
  says: "a FUSE lower layer costs its full price on every read, populated or not",
  source: LAYERS,
  predicted: "a READ request for each read of what is there already",
  studies: ["warm"],
  judge(evidence) {
    const served = readRequests(evidence, { backend: "fuse", ...randomWarm });
    const passed = readRequests(evidence, { backend: "passthrough", ...randomWarm });
    if (served === null) return untested("requests can't be counted: see fusemeter doctor");
    const beside = passed === null ? "" : `; the same tree in passthrough: ${formatCount(passed.median)}`;
    return judged(served.median > 0.99, {
      value: served.median,
      unit: "READ requests a read",
      interval: intervalOf(served),
      why: `4 KiB random reads of a whole file that is in memory: ${formatCount(served.median)}${beside}`,
    });
  },
} as const satisfies Claim;

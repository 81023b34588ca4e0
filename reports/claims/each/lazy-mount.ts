import { formatPercent } from "../../figures/formats.js";
import { randomWarm, throughputRatio } from "../judging/cells.js";
import type { Claim } from "../judging/claim.js";
import { untested } from "../judging/finding.js";
import { HORN, LAYERS } from "../judging/sources.js";

/** The reason of all claims below: they are about a tree whose files are still being loaded. */
const NO_LAZY_MOUNT = "this version mounts no tree that is still being loaded";

/** The cost that is left after loading. */
export const onlyWhileLoading = {
  id: "only-while-loading",
  says: "the layer matters only while the data is being loaded; then one can switch to native",
  source: HORN,
  predicted: "native's throughput once it is loaded",
  studies: ["warm"],
  judge(evidence) {
    const ratio = throughputRatio(evidence, { backend: "passthrough", ...randomWarm }, { backend: "native", ...randomWarm });
    const after =
      ratio === null ? "" : `; a loaded tree in passthrough gives ${formatPercent(ratio.median)} % of native's random reads`;
    return untested(`${NO_LAZY_MOUNT}${after}`);
  },
} as const satisfies Claim;

/** The end of a read whose block is late. */
export const timeout = {
  id: "timeout",
  says: "an application crashes if a block is late",
  source: HORN,
  predicted: "a late read fails after the limit",
  studies: [],
  judge: () => untested(`${NO_LAZY_MOUNT}: no block is ever late`),
} as const satisfies Claim;

/** The share of a layer that is fetched. */
export const tenth = {
  id: "tenth",
  says: "less than a tenth of a layer's files is used",
  source: LAYERS,
  predicted: "under 10 %",
  studies: [],
  judge: () => untested(`${NO_LAZY_MOUNT}: nothing is fetched`),
} as const satisfies Claim;

import { countedIn } from "../../figures/samples.js";
import type { Claim } from "../judging/claim.js";
import { judged, untested } from "../judging/finding.js";
import { BALSINI } from "../judging/sources.js";

/** READ requests of all cells in passthrough. */
export const openDecides = {
  id: "open-decides",
  says: "a decision at open makes later reads free of the daemon",
  source: BALSINI,
  predicted: "0 READ requests",
  studies: ["warm"],
  judge({ runs }) {
    const cells = runs.flatMap((run) => run.cells.filter(({ backend }) => backend === "passthrough"));
    const known = cells
      .flatMap(countedIn)
      .flatMap(({ figures: { requests, operations } }) => (requests === null ? [] : [{ reads: requests.READ ?? 0, operations }]));
    if (known.length === 0) return untested("no file was passed through: the kernel can't (see fusemeter doctor)");
    const reads = known.reduce((sum, one) => sum + one.reads, 0);
    const operations = known.reduce((sum, one) => sum + one.operations, 0);
    return judged(reads === 0, {
      value: reads,
      unit: "READ requests",
      interval: [reads, reads],
      why: `in ${operations} reads of files that were passed through at open`,
    });
  },
} as const satisfies Claim;

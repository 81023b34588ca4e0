import { countOf } from "../../figures/count.js";
import { formatCount } from "../../figures/formats.js";
import { cellOf, countIn, randomWarm } from "../judging/cells.js";
import type { Claim } from "../judging/claim.js";
import { intervalOf, judged, untested } from "../judging/finding.js";
import { INCFS } from "../judging/sources.js";

/** Context switches of application and daemon for a read, over each transport. */
export const switches = {
  id: "switches",
  says: "and up to 3 context switches",
  source: INCFS,
  predicted: "at most 3 switches for a read",
  studies: ["warm"],
  judge(evidence) {
    const measured = ["fuse", "fuse-uring"].flatMap((backend) => {
      const cell = cellOf(evidence, { backend, ...randomWarm });
      const perRead = cell === null ? null : countIn(cell, countOf("contextSwitches", "both"));
      return perRead === null ? [] : [{ backend, perRead }];
    });
    const [first] = measured;
    if (first === undefined) return untested("context switches can't be counted: see fusemeter doctor");
    const texts = measured.map(({ backend, perRead }) => `${backend} ${formatCount(perRead.median)}`);
    return judged(first.perRead.interval.high <= 3.05, {
      value: first.perRead.median,
      unit: "switches a read",
      interval: intervalOf(first.perRead),
      why: `application and daemon, 4 KiB random reads, warm: ${texts.join("; ")}`,
    });
  },
} as const satisfies Claim;

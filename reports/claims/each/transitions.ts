import type { Cell } from "../../../results/index.js";
import { countOf } from "../../figures/count.js";
import { formatCount } from "../../figures/formats.js";
import { byNamePerOperation } from "../../figures/per-operation.js";
import { cellOf, countIn, randomWarm } from "../judging/cells.js";
import type { Claim } from "../judging/claim.js";
import { intervalOf, judged, untested } from "../judging/finding.js";
import { INCFS } from "../judging/sources.js";

function callsByName(cell: Cell): string {
  return Object.entries(byNamePerOperation(cell, "syscallsByName") ?? {})
    .filter(([, calls]) => calls >= 0.05)
    .map(([name, calls]) => `${name} ${formatCount(calls)}`)
    .join(", ");
}

/** System calls of the daemon for a READ, over each transport. */
export const transitions = {
  id: "transitions",
  says: "FUSE adds 2 user-kernel-user transition pairs to an I/O",
  source: INCFS,
  predicted: "2 system calls of the daemon for a READ",
  studies: ["warm"],
  judge(evidence) {
    const measured = ["fuse", "fuse-uring"].flatMap((backend) => {
      const cell = cellOf(evidence, { backend, ...randomWarm });
      const calls = cell === null ? null : countIn(cell, countOf("syscalls", "daemon"));
      return cell === null || calls === null ? [] : [{ cell, calls }];
    });
    const [first] = measured;
    if (first === undefined) return untested("the daemon's system calls can't be counted: see fusemeter doctor");
    const texts = measured.map(({ cell, calls }) => `${cell.backend} ${formatCount(calls.median)} (${callsByName(cell)})`);
    // The daemon makes a few other calls meanwhile: 5 percent is far from the next whole call.
    return judged(Math.abs(first.calls.median - 2) <= 0.1, {
      value: first.calls.median,
      unit: "system calls a READ",
      interval: intervalOf(first.calls),
      why: `daemon's calls for a 4 KiB random read, warm: ${texts.join("; ")}`,
    });
  },
} as const satisfies Claim;

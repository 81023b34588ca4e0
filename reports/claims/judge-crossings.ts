import type { Cell, Evidence } from "../../results/index.js";

import { countOf, requestsOf } from "../figures/count.js";
import { formatCount } from "../figures/formats.js";
import { byNamePerOperation } from "../figures/per-operation.js";
import { countedIn } from "../figures/samples.js";
import { cellOf, counted } from "./cells.js";
import { type ClaimJudgement, intervalOf, judged, untested } from "./judgement.js";

const random = { pattern: "rnd", cache: "warm" } as const;

const daemonCalls = (cell: Cell) => counted(cell, countOf("syscalls", "daemon"));

function callsByName(cell: Cell): string {
  return Object.entries(byNamePerOperation(cell, "syscallsByName") ?? {})
    .filter(([, calls]) => calls >= 0.05)
    .map(([name, calls]) => `${name} ${formatCount(calls)}`)
    .join(", ");
}

/** Daemon system calls for a READ, over each transport. */
export function transitions(evidence: Evidence): ClaimJudgement {
  const cells = ["fuse", "fuse-uring"].flatMap((backend) => cellOf(evidence, { backend, ...random }) ?? []);
  const calls = cells.flatMap((cell) => {
    const perIo = daemonCalls(cell);
    return perIo === null ? [] : [{ cell, perIo }];
  });
  const [first] = calls;
  if (first === undefined) return untested("the daemon's system calls can't be counted: see fusemeter doctor");
  const texts = calls.map(({ cell, perIo }) => `${cell.backend} ${formatCount(perIo.median)} (${callsByName(cell)})`);
  // A count wobbles by what the daemon does besides: 5 percent is far from the next whole call.
  const holds = Math.abs(first.perIo.median - 2) <= 0.1;
  return judged(
    holds,
    first.perIo.median,
    "system calls a READ",
    intervalOf(first.perIo),
    `daemon's calls for a 4 KiB random read, warm: ${texts.join("; ")}`,
  );
}

/** Switches of application and daemon for a read. */
export function switches(evidence: Evidence): ClaimJudgement {
  const texts: string[] = [];
  let first: ClaimJudgement | null = null;
  for (const backend of ["fuse", "fuse-uring"]) {
    const cell = cellOf(evidence, { backend, ...random });
    const perIo = cell === null ? null : counted(cell, countOf("contextSwitches", "both"));
    if (perIo === null) continue;
    texts.push(`${backend} ${formatCount(perIo.median)}`);
    first ??= judged(perIo.interval.high <= 3.05, perIo.median, "switches a read", intervalOf(perIo), "");
  }
  if (first === null) return untested("context switches can't be counted: see fusemeter doctor");
  return { ...first, why: `application and daemon, 4 KiB random reads, warm: ${texts.join("; ")}` };
}

/** READ requests in passthrough, over every cell. */
export function openDecides({ runs }: Evidence): ClaimJudgement {
  const figures = runs.flatMap(({ cells }) =>
    cells.filter(({ backend }) => backend === "passthrough").flatMap((cell) => countedIn(cell).map(({ figures }) => figures)),
  );
  const known = figures.flatMap(({ requests, operations }) =>
    requests === null ? [] : [{ reads: requests.READ ?? 0, operations }],
  );
  if (known.length === 0) return untested("no file was passed through: the kernel can't (see fusemeter doctor)");
  const reads = known.reduce((sum, one) => sum + one.reads, 0);
  const operations = known.reduce((sum, one) => sum + one.operations, 0);
  return judged(
    reads === 0,
    reads,
    "READ requests",
    [reads, reads],
    `in ${operations} reads of files that were passed through at open`,
  );
}

/** Reads of data that has long been there: they still reach the daemon, or not. */
export function fullCostForever(evidence: Evidence): ClaimJudgement {
  const fuse = cellOf(evidence, { backend: "fuse", ...random });
  const passthrough = cellOf(evidence, { backend: "passthrough", ...random });
  const perRead = (cell: Cell | null) => (cell === null ? null : counted(cell, requestsOf("READ")));
  const [served, passed] = [perRead(fuse), perRead(passthrough)];
  if (served === null) return untested("requests can't be counted: see fusemeter doctor");
  const free = passed === null ? "" : `; the same tree in passthrough: ${formatCount(passed.median)}`;
  return judged(
    served.median > 0.99,
    served.median,
    "READ requests a read",
    intervalOf(served),
    `4 KiB random reads of a whole file that is in memory: ${formatCount(served.median)}${free}`,
  );
}

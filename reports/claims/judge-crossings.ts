import type { Cell, Evidence } from "../../results/index.js";

import { formatCount } from "../figures/formats.js";
import { cellOf, countsPerIo } from "./cells.js";
import { intervalOf, type Judgement, judged, untested } from "./judgement.js";

const random = { pattern: "rnd", cache: "warm" } as const;

const daemonCalls = (cell: Cell) => countsPerIo(cell, ({ transitions: { daemon } }) => daemon?.syscalls ?? null);

function callsByName(cell: Cell): string {
  const [counted] = cell.counts.flatMap(({ figures }) => (figures === null ? [] : [figures]));
  const entries = Object.entries(counted?.daemonSyscallsByName ?? {}).map(
    ([name, calls]) => [name, calls / counted!.ios] as const,
  );
  return entries
    .filter(([, perIo]) => perIo >= 0.05)
    .map(([name, perIo]) => `${name} ${formatCount(perIo)}`)
    .join(", ");
}

/** Daemon system calls for a READ, over each transport. */
export function transitions(evidence: Evidence): Judgement {
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
export function switches(evidence: Evidence): Judgement {
  const texts: string[] = [];
  let first: Judgement | null = null;
  for (const backend of ["fuse", "fuse-uring"]) {
    const cell = cellOf(evidence, { backend, ...random });
    const perIo =
      cell === null
        ? null
        : countsPerIo(cell, ({ contextSwitches: { application, daemon } }) =>
            application === null || daemon === null ? null : application + daemon,
          );
    if (perIo === null) continue;
    texts.push(`${backend} ${formatCount(perIo.median)}`);
    first ??= judged(perIo.interval.high <= 3.05, perIo.median, "switches a read", intervalOf(perIo), "");
  }
  if (first === null) return untested("context switches can't be counted: see fusemeter doctor");
  return { ...first, why: `application and daemon, 4 KiB random reads, warm: ${texts.join("; ")}` };
}

/** READ requests in passthrough, over every cell. */
export function openDecides({ runs }: Evidence): Judgement {
  const counted = runs.flatMap(({ cells }) =>
    cells
      .filter(({ backend }) => backend === "passthrough")
      .flatMap(({ counts }) => counts.flatMap(({ figures }) => (figures?.requests == null ? [] : [figures]))),
  );
  if (counted.length === 0) return untested("no file was passed through: the kernel can't (see fusemeter doctor)");
  const reads = counted.reduce((sum, { requests }) => sum + (requests!.READ ?? 0), 0);
  const ios = counted.reduce((sum, figures) => sum + figures.ios, 0);
  return judged(reads === 0, reads, "READ requests", [reads, reads], `in ${ios} reads of files that were passed through at open`);
}

/** Whether reads of what has long been there still reach the daemon. */
export function fullCostForever(evidence: Evidence): Judgement {
  const fuse = cellOf(evidence, { backend: "fuse", ...random });
  const passthrough = cellOf(evidence, { backend: "passthrough", ...random });
  const perRead = (cell: Cell | null) =>
    cell === null ? null : countsPerIo(cell, ({ requests }) => (requests === null ? null : (requests.READ ?? 0)));
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

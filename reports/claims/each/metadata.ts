import type { Storm } from "../../../results/index.js";
import { formatCount } from "../../figures/formats.js";
import type { Claim } from "../judging/claim.js";
import { judged, untested } from "../judging/finding.js";

interface CountedStorm extends Storm {
  readonly requests: Readonly<Record<string, number>>;
  readonly perCall: number;
}

function counted(storms: readonly Storm[]): CountedStorm[] {
  return storms.flatMap((storm) => {
    if (storm.requests === null) return [];
    const sum = Object.values(storm.requests).reduce((total, count) => total + count, 0);
    return [{ ...storm, requests: storm.requests, perCall: sum / storm.calls }];
  });
}

function textOf({ call, mode, cache, perCall, requests, calls }: CountedStorm): string {
  const byName = Object.entries(requests).map(([name, count]) => `${name} ${formatCount(count / calls)}`);
  const names = byName.length === 0 ? "" : ` (${byName.join(", ")})`;
  return `${call}, ${mode} mode, cache ${cache}: ${formatCount(perCall)} a call${names}`;
}

/** Requests of open, stat and readdir that still reach the daemon. */
export const metadata = {
  id: "metadata",
  says: "metadata operations should bypass the daemon too",
  source: "Paul Lawrence and Amir Goldstein, backing inodes (linux-fsdevel, 2025-07-23)",
  predicted: "open, stat and readdir still reach the daemon",
  studies: ["storms"],
  judge({ storms: all }) {
    const storms = counted(all);
    if (storms.length === 0) return untested("requests can't be counted: see fusemeter doctor");
    const perCall = storms.map((storm) => storm.perCall);
    const opens = storms.filter(({ call, mode }) => call === "open" && mode === "passthrough");
    // The wish stands as long as an open in passthrough mode still asks the daemon.
    const isAsked = opens.some((storm) => storm.perCall >= 1);
    return judged(isAsked, {
      value: opens[0]?.perCall ?? Math.max(...perCall),
      unit: "requests an open, passthrough",
      interval: [Math.min(...perCall), Math.max(...perCall)],
      why: `second pass; ${storms.map(textOf).join("; ")}`,
    });
  },
} as const satisfies Claim;

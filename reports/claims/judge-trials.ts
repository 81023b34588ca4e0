import type { Evidence, Trial } from "../../results/index.js";

import { formatCount, formatPercent } from "../figures/formats.js";
import { throughputRatio } from "./cells.js";
import { type Judgement, judged, untested } from "./judgement.js";

const text = ({ what, outcome }: Trial) => `${what}: ${outcome}`;

/** Which combinations of mounts are allowed. */
export function stacking({ stacking: trials }: Evidence): Judgement {
  if (trials.length === 0) return untested("no mounts could be stacked: it takes root and FUSE");
  const allowed = trials.filter(({ works }) => works).length;
  const [overOverlay, overlayOver, overFuse] = trials;
  const holds = overOverlay?.works === true && overlayOver?.works === true && overFuse?.works === false;
  return judged(
    holds,
    allowed,
    `of ${trials.length} combinations pass reads through`,
    [allowed, allowed],
    trials.map(text).join("; "),
  );
}

/** Whether every descriptor of a file sees a write through any. */
export function perInode({ perInode: trials }: Evidence): Judgement {
  if (trials.length === 0) return untested("nothing could be mounted: it takes root and FUSE passthrough");
  const agreeing = trials.filter(({ works }) => works).length;
  return judged(
    agreeing === trials.length,
    agreeing,
    `of ${trials.length} mixtures of modes agree`,
    [agreeing, agreeing],
    trials.map(text).join("; "),
  );
}

/** Whether buffered reads see what asynchronous direct writes wrote. */
export function mixedIo({ mixedIo: trials }: Evidence): Judgement {
  const [plain, passed] = trials;
  if (plain === undefined || passed === undefined)
    return untested("nothing could be mounted: it takes root and FUSE passthrough");
  return judged(
    !plain.works && passed.works,
    trials.filter(({ works }) => works).length,
    `of ${trials.length} modes right`,
    null,
    trials.map(text).join("; "),
  );
}

/** What still reaches the daemon of open, stat and readdir. */
export function metadata({ storms }: Evidence): Judgement {
  const counted = storms.flatMap((storm) => {
    if (storm.requests === null) return [];
    const sum = Object.values(storm.requests).reduce((total, count) => total + count, 0);
    return [{ ...storm, perCall: sum / storm.calls }];
  });
  if (counted.length === 0) return untested("requests can't be counted: see fusemeter doctor");
  const texts = counted.map(({ call, mode, cache, perCall, requests, calls }) => {
    const byName = Object.entries(requests!).map(([name, count]) => `${name} ${formatCount(count / calls)}`);
    return `${call}, ${mode} mode, cache ${cache}: ${formatCount(perCall)} a call${byName.length === 0 ? "" : ` (${byName.join(", ")})`}`;
  });
  const opens = counted.filter(({ call, mode }) => call === "open" && mode === "passthrough");
  const most = Math.max(...counted.map(({ perCall }) => perCall));
  const least = Math.min(...counted.map(({ perCall }) => perCall));
  // The wish stands as long as an open in passthrough mode still asks the daemon.
  const holds = opens.some(({ perCall }) => perCall >= 1);
  return judged(
    holds,
    opens[0]?.perCall ?? most,
    "requests an open, passthrough",
    [least, most],
    `second pass; ${texts.join("; ")}`,
  );
}

const LAZY = "this version mounts no tree that is still being loaded";

/** After loading: what is left of the cost. Loading itself can't be measured without a lazy mount. */
export function onlyWhileLoading(evidence: Evidence): Judgement {
  const ratio = throughputRatio(
    evidence,
    { backend: "passthrough", pattern: "rnd", cache: "warm" },
    { backend: "native", pattern: "rnd", cache: "warm" },
  );
  const after =
    ratio === null ? "" : `; a loaded tree in passthrough gives ${formatPercent(ratio.median)} % of native's random reads`;
  return untested(`${LAZY}${after}`);
}

export const timeout = (): Judgement => untested(`${LAZY}: no block is ever late`);

export const tenth = (): Judgement => untested(`${LAZY}: nothing is fetched`);

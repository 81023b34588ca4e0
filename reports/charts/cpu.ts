import type { Cell } from "../../results/index.js";
import type { ComparisonRow } from "../figures/comparison.js";
import { countOf } from "../figures/count.js";
import { formatMeasured } from "../figures/formats.js";
import { type Figure, isMissing, perOperation } from "../figures/per-operation.js";
import type { ChartKind } from "./chart-kind.js";
import { stackedParties } from "./stacked-parties.js";

function cpuUs(cell: Cell, party: "application" | "daemon"): Figure {
  const seconds = perOperation(cell, countOf("cpuSeconds", party));
  return isMissing(seconds) ? seconds : seconds * 1e6;
}

/** Every operation takes CPU time: where the sum of both parties is not known, neither part is. */
function byParty({ cell, costs: { cpuUs: ofBoth } }: ComparisonRow) {
  if (isMissing(ofBoth)) return { application: ofBoth, daemon: ofBoth };
  return { application: cpuUs(cell, "application"), daemon: cpuUs(cell, "daemon") };
}

/** CPU time of one operation, by party. */
export const cpu: ChartKind = {
  name: "cpu",
  title: "CPU time per operation",
  notes: [
    "Bar: user and system CPU time per operation, median over blocks, without the startup overhead. Above it: daemon + application.",
  ],
  of: "cells",
  shows: ({ isReferenceAgain }) => !isReferenceAgain,
  has: ({ costs }) => !isMissing(costs.cpuUs),
  config: (rows) =>
    stackedParties(rows, byParty, { yTitle: "CPU time per operation (us)", format: formatMeasured, leastTop: 0.001 }),
};

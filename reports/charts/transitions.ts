import { formatCount } from "../figures/formats.js";
import { sum } from "../figures/per-operation.js";
import type { ChartKind } from "./chart-kind.js";
import { stackedParties } from "./stacked-parties.js";

/** Mode transitions of one operation, by party. */
export const transitions: ChartKind = {
  name: "transitions",
  title: "Mode transitions per operation",
  notes: ["Bar: system calls and user page faults per operation, without the startup overhead. Above it: daemon + application."],
  of: "cells",
  shows: ({ isReferenceAgain }) => !isReferenceAgain,
  has: ({ costs }) => typeof costs.applicationSyscalls === "number" || typeof costs.daemonSyscalls === "number",
  config: (rows) =>
    stackedParties(
      rows,
      ({ costs }) => ({
        application: sum(costs.applicationSyscalls, costs.applicationPageFaults),
        daemon: sum(costs.daemonSyscalls, costs.daemonPageFaults),
      }),
      { yTitle: "system calls + page faults per operation", format: formatCount, leastTop: 1 },
    ),
};

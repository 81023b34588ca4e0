import { formatMeasured } from "../../figures/formats.js";
import { estimate } from "../../figures/statistics.js";
import { priceOfCell, type ReadName } from "../judging/cells.js";
import type { Claim } from "../judging/claim.js";
import { intervalOf, undecided, untested } from "../judging/finding.js";
import { HORN, INCFS } from "../judging/sources.js";

/** CPU seconds for a GiB, and joules where the host can say. Nobody gave a limit, so there is no verdict. */
export const power = {
  id: "power",
  says: "FUSE takes more power than is acceptable, or none that matters",
  source: `${INCFS}; doubted by ${HORN}`,
  predicted: "no figure is given",
  studies: ["warm", "cold"],
  judge(evidence) {
    const priceOf = (figure: "cpuSeconds" | "joules", backend: string, cache: ReadName["cache"]) => {
      const row = priceOfCell(evidence, { backend, pattern: "seq", cache });
      return estimate((row?.[figure] ?? []).map(({ value }) => value));
    };
    const textsOf = (figure: "cpuSeconds" | "joules") =>
      (["warm", "cold"] as const).flatMap((cache) =>
        ["native", "fuse", "passthrough"].flatMap((backend) => {
          const price = priceOf(figure, backend, cache);
          return price === null ? [] : [`${cache} ${backend} ${formatMeasured(price.median)}`];
        }),
      );
    const fuse = priceOf("cpuSeconds", "fuse", "warm");
    if (fuse === null) return untested("CPU time was not measured");
    const joules = textsOf("joules");
    const energy =
      joules.length === 0 ? "this host has no energy counter" : `joules of the processor a GiB: ${joules.join(", ")}`;
    return undecided("nobody gave a limit", {
      value: fuse.median,
      unit: "CPU seconds a GiB",
      interval: intervalOf(fuse),
      why: `CPU seconds a GiB, 4 KiB sequential reads: ${textsOf("cpuSeconds").join(", ")}; ${energy}`,
    });
  },
} as const satisfies Claim;

import type { ReadaheadSetting } from "../../results/index.js";
import type { Workload } from "../../workloads/index.js";

import type { FioJob } from "./fio/index.js";

/**
 * The part of a fio job that says how it reads. fio gives MADV_RANDOM only to a job that it takes for random: a sequential read
 * with that advice is a "random" one of which 0 percent are random.
 */
export function readaheadOptions(
  { access, advice }: ReadaheadSetting,
  { pattern }: Workload,
): Pick<FioJob, "rw" | "ioengine" | "options"> {
  const isAdvised = advice === "random";
  return {
    rw: pattern === "sequential" && !isAdvised ? "read" : "randread",
    ...(access === "mmap" ? { ioengine: "mmap" } : {}),
    options: {
      ...(isAdvised ? { fadvise_hint: "random" } : {}),
      ...(isAdvised && pattern === "sequential" ? { percentage_random: 0 } : {}),
    },
  };
}

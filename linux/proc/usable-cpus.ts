import { CpuMask } from "./cpu-mask.js";

/** The CPUs that the calling thread may use: of those that are online, the ones that its cpuset and its affinity leave it. */
export function usableCpus(): number[] {
  const mask = CpuMask.ofThread(0);
  if (typeof mask === "number") throw new Error(`sched_getaffinity(2) gave ${mask}`);
  return mask.cpus;
}

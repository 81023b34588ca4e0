import { readFileSync } from "node:fs";

/** The CPUs of a list as sysfs writes it: `0-3,6` is 0, 1, 2, 3 and 6. */
function parseCpuList(list: string): number[] {
  const ranges = list.trim().split(",").filter(Boolean);
  return ranges.flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/** The CPUs that could ever be there, or those that are now (Documentation/admin-guide/cputopology.rst). */
export function cpus(set: "possible" | "online"): number[] {
  return parseCpuList(readFileSync(`/sys/devices/system/cpu/${set}`, "utf8"));
}

/** The CPUs that are online. */
export const onlineCpus = () => cpus("online");

/** Two CPUs that are online. @throws where there is one */
export function twoCpus(): [number, number] {
  const [first = 0, second] = onlineCpus();
  if (second === undefined) throw new Error("this host has one CPU");
  return [first, second];
}

/** The CPUs that share a core with a CPU, itself among them (SMT). Alone where the kernel does not tell. */
export function siblingsOf(cpu: number): number[] {
  try {
    return parseCpuList(readFileSync(`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`, "utf8"));
  } catch {
    return [cpu];
  }
}

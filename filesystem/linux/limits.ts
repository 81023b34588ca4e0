import { readFileSync } from "node:fs";

/** How many descriptors this process may have. Node raises its soft limit to the hard one when it starts. */
export function descriptorLimit(): number {
  const limit = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
  return limit === undefined ? 1024 : Number(limit);
}

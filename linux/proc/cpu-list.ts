import { readFileSync } from "node:fs";

/** The CPUs that are online, by number: `0-3,6` is 0, 1, 2, 3 and 6. */
export function onlineCpus(): number[] {
  const list = readFileSync("/sys/devices/system/cpu/online", "utf8").trim();
  return list.split(",").flatMap((range) => {
    const [first, last] = range.split("-").map(Number);
    return Array.from({ length: (last ?? first!) - first! + 1 }, (_, index) => first! + index);
  });
}

/** Two CPUs that are online. @throws where there is one */
export function twoCpus(): [number, number] {
  const [first = 0, second] = onlineCpus();
  if (second === undefined) throw new Error("this host has one CPU");
  return [first, second];
}

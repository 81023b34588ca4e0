import { availableParallelism } from "node:os";
import { cpus } from "../../linux/proc/cpu-list.js";
import type { Role } from "../threads/role.js";
import type { Queue } from "../transports/io-uring-entries.js";
import type { ResolvedOptions } from "./options.js";

/** Workers that take turns at /dev/fuse. @param openEnd opens an end of the connection */
export function deviceRoles(workers: number | null, openEnd: () => number): Role[] {
  const count = workers ?? Math.max(2, Math.min(8, availableParallelism()));
  return Array.from({ length: count }, () => ({ transport: "device", end: openEnd() }));
}

/**
 * A ring for each core that is online, on that core: the kernel gives a request to the queue of the core that it is made on, and
 * there the way to the daemon and back is a context switch, not an interrupt of another core. Queues of cores that are not
 * online must be there too before the kernel uses any: they get one entry each. One worker more takes from /dev/fuse what
 * never comes over a ring.
 */
export function ringRoles(options: Pick<ResolvedOptions, "workers" | "queueDepth">, openEnd: () => number): Role[] {
  const online = cpus("online");
  const rings = online.slice(0, options.workers ?? online.length).map((cpu) => ({ cpu, queues: [] as Queue[] }));
  for (const [index, id] of online.entries()) rings[index % rings.length]!.queues.push({ id, depth: options.queueDepth });
  const offline = cpus("possible").filter((id) => !online.includes(id));
  for (const [index, id] of offline.entries()) rings[index % rings.length]!.queues.push({ id, depth: 1 });
  return [...rings.map((ring): Role => ({ transport: "io-uring", ...ring })), ...deviceRoles(1, openEnd)];
}

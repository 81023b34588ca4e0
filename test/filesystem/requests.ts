import { mountAt } from "../../linux/mounts/mountinfo.js";
import { countRequests } from "../../runners/counters/request-counters.js";
import type { Daemon } from "./daemon.js";

/** The requests that work on a mount makes, by opcode; those that it does not make are left out. */
export function requestsOf(daemon: Daemon, opcodes: readonly string[], work: () => void): Readonly<Record<string, number>> {
  using counters = countRequests(mountAt(daemon.mountpoint)!.minor, opcodes);
  // A counter may have seen other mounts' requests before it had its filter.
  const before = counters.read().requests!;
  work();
  const after = counters.read().requests!;
  const differences = opcodes.map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)] as const);
  return Object.fromEntries(differences.filter(([, difference]) => difference !== 0));
}

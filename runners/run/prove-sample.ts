import { FusemeterError } from "../../errors.js";
import type { CountsByName } from "../../results/index.js";

import type { Backend } from "../backends/backend.js";
import type { LoadOutcome, RunnableLoad } from "../loads/runnable-load.js";

function failed({ name }: Backend, code: string, problem: string, reason?: string): FusemeterError {
  return new FusemeterError({ code, fault: "host", problem, reason: reason ?? null, backend: name });
}

/**
 * Fails a sample whose load was cut short, a passthrough sample whose daemon saw a READ, and a daemon's sample whose daemon saw
 * none. A command of the user's own may be either: its requests stand in the result.
 *
 * @param requests null where they can't be counted
 * @throws {FusemeterError} `SHORT_LOAD`, `NOT_PASSTHROUGH`, `NOT_FUSE`
 */
export function proveSample(
  backend: Backend,
  load: RunnableLoad,
  { operations }: LoadOutcome,
  requests: Readonly<CountsByName> | null,
): void {
  if (operations !== load.operations) {
    throw failed(backend, "SHORT_LOAD", `the load did ${operations} of ${load.operations} operations`);
  }
  if (requests === null || !load.readsData) return;
  const reads = requests.READ;
  if (backend.kind === "passthrough" && reads !== undefined) {
    const problem = `the daemon of ${backend.name} saw ${reads} READ requests`;
    throw failed(backend, "NOT_PASSTHROUGH", problem, "the file was not passed through");
  }
  if (backend.kind === "fuse" && reads === undefined) {
    throw failed(backend, "NOT_FUSE", `the daemon of ${backend.name} saw no READ request`, "the load went past it");
  }
}

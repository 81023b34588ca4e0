import { expect, test } from "vitest";
import { type Backend, builtInBackend, commandBackend } from "../../../runners/backends/backend.js";
import type { LoadOutcome, RunnableLoad } from "../../../runners/loads/runnable-load.js";
import { proveSample } from "../../../runners/run/prove-sample.js";

const latencyNs = { mean: 1, p50: 1, p95: 1, p99: 1, p999: 1, max: 1 };
const outcome = (operations: number): LoadOutcome => ({ operations, bytes: 0, seconds: 1, latencyNs, ownFigures: null });
const load = (readsData: boolean): RunnableLoad => ({
  operations: 10,
  startup: null,
  inPasses: null,
  files: [],
  readsData,
  counted: "tree",
  limitMs: 1000,
  prepare: async () => {},
  run: async () => outcome(10),
});
const own = commandBackend("own=daemon {source} {mountpoint}");

test.each<{
  what: string;
  backend: Backend;
  requests: Record<string, number> | null;
  done?: number;
  reads?: boolean;
  code?: string;
}>([
  { what: "a load that was cut short", backend: builtInBackend("native"), requests: null, done: 9, code: "SHORT_LOAD" },
  { what: "a READ in passthrough", backend: builtInBackend("passthrough"), requests: { READ: 1 }, code: "NOT_PASSTHROUGH" },
  { what: "no READ in passthrough", backend: builtInBackend("passthrough"), requests: { OPEN: 1 } },
  { what: "no READ through a daemon", backend: builtInBackend("fuse"), requests: { OPEN: 1 }, code: "NOT_FUSE" },
  { what: "a READ through a daemon", backend: builtInBackend("fuse"), requests: { READ: 10 } },
  { what: "no READ of a load that reads no data", backend: builtInBackend("fuse"), requests: { GETATTR: 10 }, reads: false },
  { what: "requests that can't be counted", backend: builtInBackend("fuse"), requests: null },
  { what: "a command of the user's own that is passthrough", backend: own, requests: { OPEN: 1 } },
  { what: "a command of the user's own that is not", backend: own, requests: { READ: 10 } },
])("$what: $code", ({ backend, requests, done = 10, reads = true, code }) => {
  const prove = () => proveSample(backend, load(reads), outcome(done), requests);
  if (code === undefined) expect(prove).not.toThrow();
  else expect(prove).toThrow(expect.objectContaining({ code }));
});

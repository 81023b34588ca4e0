import type { Backend } from "../backends/backend.js";
import { countRequests } from "../counters/request-counters.js";
import type { Proof, SliceJob } from "./reader/protocol.js";
import type { RoundMount } from "./round-mounts.js";

/** Operations in which requests are counted, at least. */
const OPERATIONS = 128;

/** The same of a sequential reader in bytes: so many that the readahead behind the last read does not show. */
const SEQUENTIAL_BYTES = 16 * 2 ** 20;

/** READ requests of one operation, and the doubt that follows from them. */
export interface ReadProof {
  /** Null where they can't be counted, and for native. */
  readonly readsPerOperation: number | null;
  /** The reason why the slices would not measure the backend in its mode; null where they do. */
  readonly failure: string | null;
}

/**
 * Counts the READ requests of some operations that are not timed: counters on requests would slow a timed one.
 *
 * @param prove does so many operations on the mount
 */
export async function proveReads(
  prove: (operations: number) => Promise<Proof>,
  { backend, connection }: RoundMount,
  { cache, pattern, ioSizeBytes }: Pick<SliceJob, "cache" | "pattern" | "ioSizeBytes">,
): Promise<ReadProof> {
  if (connection === null) return { readsPerOperation: null, failure: null };
  using requests = countRequests(connection, ["READ"]);
  const { operations, failure } = await prove(
    pattern === "random" ? OPERATIONS : Math.max(OPERATIONS, SEQUENTIAL_BYTES / ioSizeBytes),
  );
  const { requests: counted } = requests.read();
  if (failure !== null || counted === null) return { readsPerOperation: null, failure };
  const readsPerOperation = (counted.READ ?? 0) / operations;
  return { readsPerOperation, failure: doubtOf(backend, readsPerOperation, cache !== "hot" && pattern === "random") };
}

/** A random read of a block that no cache holds is at least one READ. A command of the user's own may pass reads through. */
function doubtOf(backend: Backend, readsPerOperation: number, isAsked: boolean): string | null {
  if (backend.kind === "passthrough" && readsPerOperation > 0) {
    return `the daemon saw ${readsPerOperation.toFixed(2)} READ requests a read: the file was not passed through`;
  }
  if (backend.kind === "fuse" && isAsked && readsPerOperation < 0.9) {
    return `the daemon saw ${readsPerOperation.toFixed(2)} READ requests a read: the others came from a cache`;
  }
  return null;
}

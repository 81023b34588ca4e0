import { FusemeterError, messageOf } from "../../errors.js";
import { readStatus } from "../../filesystem/index.js";
import type { BackendRecord, Host, RunRequest } from "../../results/index.js";

import { type Backend, NATIVE_AGAIN, recordOf } from "../backends/backend.js";
import { offerRings } from "../backends/rings.js";
import { serve } from "../backends/served-mount.js";
import { checkRoom } from "../files/test-data.js";
import { makeWorkspace, type Workspace } from "../files/workspace.js";
import { hostFacts } from "../host/facts.js";
import { checkMountRights } from "../host/mount-rights.js";
import { fioVersion } from "../loads/fio/index.js";
import type { RunnableLoad } from "../loads/runnable-load.js";
import { loadOfCell } from "./load-of-cell.js";

/** A host made ready for a run. Disposing removes what was made. */
export interface PreparedRun extends AsyncDisposable {
  readonly host: Host;
  readonly workspace: Workspace;
  readonly records: readonly BackendRecord[];
  /** The backends that can be measured, by name, the second native included. */
  readonly usable: ReadonlyMap<string, Backend>;
}

export interface PrepareSetting {
  /** The user named the backends: one that can't be measured is an error, not a remark. */
  readonly backendsAreRequired: boolean;
  readonly signal: AbortSignal;
  /** Called with a line for each thing that is being done. */
  readonly onPhase: (phase: string) => void;
  /** Refuses a host, by throwing. Called before anything is mounted or written. */
  readonly checkHost: (host: Host) => void;
}

/** Filesystems in memory: their files have no other place to be, so they are never cold. */
const inMemory = new Set(["tmpfs", "ramfs"]);

function checkCaches(request: RunRequest, host: Host): void {
  if (!request.caches.includes("cold") || !inMemory.has(host.filesystem)) return;
  throw new FusemeterError({
    code: "NEVER_COLD",
    fault: "use",
    problem: `${request.directory} is on ${host.filesystem}, where no file is ever cold`,
    remedy: "give --directory DIR on a disk, or --caches warm",
  });
}

/** Lets the kernel offer rings for the run, if a backend needs them. Without the right to, the mount of that backend will say so. */
function ringsFor(backends: readonly Backend[]): Disposable {
  if (backends.some(({ needsRings }) => needsRings)) {
    try {
      return offerRings();
    } catch (error) {
      if (!(error instanceof FusemeterError)) throw error;
    }
  }
  return { [Symbol.dispose]() {} };
}

/** The outcome of mounting a backend once. */
interface Probe {
  /** The reason that it can't be mounted; null where it can. */
  readonly unavailable: string | null;
  /** The FUSE ABI that kernel and daemon agreed on; null for daemons that are not ours. */
  readonly abi: string | null;
}

/** Mounts a backend and takes it down again. */
async function probe(backend: Backend, workspace: Workspace, signal: AbortSignal): Promise<Probe> {
  try {
    await using mount = await serve(backend, workspace, "timed", signal);
    const isOurs = backend.kind === "fuse" || backend.kind === "passthrough";
    return { unavailable: null, abi: isOurs ? readStatus(mount.path).abi : null };
  } catch (error) {
    signal.throwIfAborted();
    return { unavailable: messageOf(error), abi: null };
  }
}

async function probeBackends(backends: readonly Backend[], workspace: Workspace, setting: PrepareSetting) {
  const records: BackendRecord[] = [];
  const usable = new Map<string, Backend>();
  let agreedAbi: string | null = null;
  for (const backend of backends) {
    setting.onPhase(`trying ${backend.name}`);
    const { unavailable, abi } = await probe(backend, workspace, setting.signal);
    agreedAbi ??= abi;
    if (unavailable !== null && (setting.backendsAreRequired || backend.kind === "command")) {
      throw new FusemeterError({
        code: "BACKEND_UNAVAILABLE",
        fault: "host",
        problem: `the backend ${backend.name} can't be measured here`,
        reason: unavailable,
        backend: backend.name,
        remedy: "leave it out of --backends, or run: fusemeter doctor",
      });
    }
    records.push(recordOf(backend, unavailable));
    if (unavailable === null) usable.set(backend.name, backend);
    if (backend.kind === "native") {
      const again = { ...backend, name: NATIVE_AGAIN };
      records.push(recordOf(again, null));
      usable.set(NATIVE_AGAIN, again);
    }
  }
  return { records, usable, agreedAbi };
}

/** The bytes of the files of some loads. Several loads may read one file. */
function bytesOf(loads: readonly RunnableLoad[]): number {
  const bytesByName = new Map(loads.flatMap(({ files }) => files.map(({ name, bytes }) => [name, bytes])));
  return [...bytesByName.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** The loads of a run. Their files do not depend on the seed, nor on the way of reading. */
function loadsOf(request: RunRequest): RunnableLoad[] {
  const { workloads, ioSizesBytes, caches } = request;
  return workloads.flatMap((workload) =>
    ioSizesBytes.flatMap((ioSizeBytes) => caches.map((cache) => loadOfCell({ workload, ioSizeBytes, cache }, request, 0))),
  );
}

/**
 * Makes the host ready: checks it, mounts every backend once, and writes the test files.
 *
 * @throws {FusemeterError} where the run is impossible; nothing is left behind then
 */
export async function prepareRun(
  request: RunRequest,
  backends: readonly Backend[],
  setting: PrepareSetting,
): Promise<PreparedRun> {
  await fioVersion();
  if (backends.some(({ kind }) => kind !== "native")) checkMountRights();
  const workspace = await makeWorkspace(request.directory);
  let rings: Disposable | null = null;
  const dispose = async () => {
    rings?.[Symbol.dispose]();
    await workspace[Symbol.asyncDispose]();
  };
  let isReady = false;
  await using _unlessReady = { [Symbol.asyncDispose]: async () => (isReady ? undefined : dispose()) };
  const facts = await hostFacts(workspace.source);
  setting.checkHost(facts);
  checkCaches(request, facts);
  const loads = loadsOf(request);
  await checkRoom(workspace.source, bytesOf(loads));
  rings = ringsFor(backends);
  const { records, usable, agreedAbi } = await probeBackends(backends, workspace, setting);
  for (const load of loads) {
    await load.prepare(workspace.source, setting.signal, (fraction) =>
      setting.onPhase(`writing the test files: ${Math.floor(fraction * 100)} %`),
    );
  }
  const host = { ...facts, fuse: { ...facts.fuse, abi: agreedAbi } };
  isReady = true;
  return { host, workspace, records, usable, [Symbol.asyncDispose]: dispose };
}

import { join } from "node:path";
import { messageOf } from "../../errors.js";
import { AS_FOUND, type CellKey, type Placement, type SliceRound } from "../../results/index.js";
import { workloadOf } from "../../workloads/index.js";
import { makeWarm } from "../files/caches.js";
import { testFileName } from "../files/test-file.js";
import { readaheadKiBOf } from "../host/readahead.js";
import { releaseOnHang } from "../processes/release-on-hang.js";
import { inFlightOfDevice } from "./device-in-flight.js";
import type { SliceGroup } from "./groups.js";
import { type Cores, place } from "./place.js";
import { proveReads, type ReadProof } from "./prove-reads.js";
import type { ContenderSlices, JobContender, Sizes, SliceJob } from "./reader/protocol.js";
import { mountKey, type RoundMount, type RoundMounts } from "./round-mounts.js";
import type { RoundSetting } from "./round-setting.js";
import type { SliceReader } from "./slice-reader.js";
import { sliceMsOf, turnsOf } from "./slice-time.js";

/** After this long without an answer a daemon hangs. */
const LIMIT_MS = 60_000;

interface GroupSetting extends RoundSetting {
  readonly group: SliceGroup;
  readonly placement: Placement;
  readonly cores: Cores;
  readonly mounts: RoundMounts;
  readonly startedAt: string;
  readonly reader: () => Promise<SliceReader>;
  readonly groupSeed: number;
}

/** A cell of the group on its mount. */
interface Contender {
  readonly key: CellKey;
  readonly mount: RoundMount;
}

/**
 * Takes the slices of one group in one placement.
 *
 * @returns the slices of each cell of the group, in its order; those of a backend that failed are a failed round
 * @throws the signal's reason when aborted
 */
export async function takeGroup(setting: GroupSetting): Promise<SliceRound[]> {
  const { group, mounts, backends, signal, round, startedAt } = setting;
  const found = group.keys.map((key) => {
    const mount = mounts.byKey.get(mountKey({ backend: backends.get(key.backend)!, readahead: key.readahead ?? AS_FOUND }))!;
    return typeof mount === "string" ? mount : { key, mount };
  });
  const contenders = found.filter((one) => typeof one !== "string");
  const frame = (mountOrder: number) => ({ round, mountOrder, startedAt });
  let taken: Taken[] | string;
  try {
    taken = contenders.length === 0 ? [] : await takeTurns(setting, contenders);
  } catch (error) {
    signal.throwIfAborted();
    taken = messageOf(error);
  }
  return found.map((one) => {
    if (typeof one === "string") return { ...frame(0), ok: false, failure: one };
    const own = typeof taken === "string" ? taken : outcomeOf(taken[contenders.indexOf(one)]!, one.mount);
    const { order } = one.mount;
    return typeof own === "string" ? { ...frame(order), ok: false, failure: own } : { ...frame(order), ok: true, ...own };
  });
}

/** The part of a contender in the turns of a group. */
interface Taken {
  readonly slices: ContenderSlices;
  readonly proof: ReadProof;
  readonly operations: number;
  readonly ownNs: number;
}

async function takeTurns(setting: GroupSetting, contenders: readonly Contender[]): Promise<Taken[]> {
  const { group, placement, cores, signal } = setting;
  const job = await jobOf(setting, contenders);
  const reader = await setting.reader();
  const daemons = contenders.flatMap(({ mount }) => mount.pids());
  const abortAll = () => {
    for (const { mount } of contenders) mount.abort();
  };
  await using _release = releaseOnHang(LIMIT_MS, signal, abortAll);
  using _place = place(placement, cores, reader.pid, daemons);
  await reader.open(job);
  const sliceMs = sliceMsOf(job);
  const sizes: Sizes = await reader.size(sliceMs);
  const proofs: ReadProof[] = [];
  const reads = { cache: group.cache, isRandom: job.pattern === "random" };
  for (const [index, { mount }] of contenders.entries()) proofs.push(await proveReads(reader, index, mount, reads));
  const { contenders: slices } = await reader.turns(turnsOf(sizes.msPerTurn), sizes.operations);
  await reader.close();
  return slices.map((own, index) => ({
    slices: own,
    proof: proofs[index]!,
    operations: sizes.operations[index]!,
    ownNs: sizes.ownNsPerOperation,
  }));
}

async function jobOf(
  { group, workspace, fileSizeBytes, groupSeed }: GroupSetting,
  contenders: readonly Contender[],
): Promise<SliceJob> {
  const { workload, ioSizeBytes, cache } = group;
  const { pattern, threads } = workloadOf(workload);
  const name = testFileName(cache);
  const source = join(workspace.source, name);
  if (cache !== "cold") await makeWarm(source);
  const all = contenders.map(({ mount }) => mount.path);
  const disk = cache === "cold" ? inFlightOfDevice(workspace.source) : [];
  return {
    operation: "read",
    pattern,
    readers: threads,
    ioSizeBytes,
    fileSizeBytes,
    cache,
    windowBytes: windowBytesOf(cache === "cold" ? all : all.filter((path) => path !== workspace.source)),
    seed: groupSeed,
    contenders: contenders.map(({ key: { readahead = AS_FOUND }, mount }): JobContender => {
      return {
        path: join(mount.path, name),
        source,
        hasPages: mount.backend.command !== null,
        access: readahead.access,
        advice: readahead.advice,
        pids: mount.pids(),
        inFlight: [...mount.inFlight, ...disk],
      };
    }),
  };
}

/** The largest readahead window of some trees. That of native counts where its reads meet the disk. */
function windowBytesOf(paths: readonly string[]): number {
  return 1024 * Math.max(0, ...paths.map((path) => readaheadKiBOf(path) ?? 0));
}

type Outcome = Pick<
  Extract<SliceRound, { ok: true }>,
  "operations" | "nsPerOperation" | "cpuNsPerOperation" | "ownNsPerOperation" | "latencyNs" | "readsPerOperation"
>;

/** Times are stored with five digits: a slice is known no better, and a result has tens of thousands. */
const rounded = (ns: number) => Number(ns.toPrecision(5));

/** The reader's own cost is taken out. */
function net(ns: readonly (number | null)[], ownNs: number): (number | null)[] {
  return ns.map((value) => (value === null ? null : rounded(Math.max(0, value - ownNs))));
}

/** The slices of a contender, or the reason why they don't count. */
function outcomeOf({ slices, proof, operations, ownNs }: Taken, mount: RoundMount): Outcome | string {
  const failure = slices.failure ?? proof.failure;
  if (failure !== null) {
    const end = mount.end();
    return end === null ? failure : `the daemon ended between slices (${end}): ${failure}`;
  }
  const { nsPerOperation, cpuNsPerOperation, p50Ns, p99Ns } = slices;
  const isCpuKnown = cpuNsPerOperation.some((ns) => ns !== null);
  return {
    operations,
    nsPerOperation: net(nsPerOperation, ownNs),
    cpuNsPerOperation: isCpuKnown ? net(cpuNsPerOperation, ownNs) : null,
    ownNsPerOperation: rounded(ownNs),
    latencyNs: { p50: p50Ns, p99: p99Ns },
    readsPerOperation: proof.readsPerOperation,
  };
}

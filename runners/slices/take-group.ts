import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../errors.js";
import { AS_FOUND, type CellKey, type Placement, type SliceRound } from "../../results/index.js";
import { workloadOf } from "../../workloads/index.js";
import { makeWarm } from "../files/caches.js";
import { testFileName } from "../files/test-file.js";
import { readaheadKiBOf } from "../host/readahead.js";
import { setWindows } from "../readahead/windows.js";
import { inFlightOfDevice } from "./device-in-flight.js";
import type { SliceGroup } from "./groups.js";
import { freeingWait } from "./hang.js";
import { jobContender } from "./job-contender.js";
import { type Cores, place } from "./place.js";
import { proveReads, type ReadProof } from "./prove-reads.js";
import type { ContenderSlices, SliceJob, Turns } from "./reader/protocol.js";
import { mountKey, type RoundMount, type RoundMounts } from "./round-mounts.js";
import type { RoundSetting } from "./round-setting.js";
import type { SliceReader } from "./slice-reader.js";
import { sliceMsOf, turnsOf } from "./slice-time.js";

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
  const { group, mounts, backends, round, startedAt } = setting;
  const found = group.keys.map((key) => {
    const mount = mounts.byKey.get(mountKey({ backend: backends.get(key.backend)!, readahead: key.readahead ?? AS_FOUND }))!;
    return typeof mount === "string" ? mount : { key, mount };
  });
  const outcomes = await outcomesOf(
    setting,
    found.filter((one) => typeof one !== "string"),
  );
  const frame = (mountOrder: number) => ({ round, mountOrder, startedAt });
  return found.map((one) => {
    if (typeof one === "string") return { ...frame(0), ok: false, failure: one };
    const own = outcomes.get(one)!;
    const { order } = one.mount;
    return typeof own === "string" ? { ...frame(order), ok: false, failure: own } : { ...frame(order), ok: true, ...own };
  });
}

/** A daemon that has ended is known to have so after some ms. */
const END_MS = 200;

/**
 * The slices of each contender, or the reason why they don't count. A read of a mapping behind a daemon that has ended kills the
 * reader (SIGBUS): the others then take their slices again, without that daemon.
 */
async function outcomesOf(setting: GroupSetting, all: readonly Contender[]): Promise<Map<Contender, Outcome | string>> {
  const outcomes = new Map<Contender, Outcome | string>();
  for (let left = all; left.length > 0; left = left.filter((one) => !outcomes.has(one))) {
    try {
      const taken = await takeTurns(setting, left);
      for (const [index, one] of left.entries()) outcomes.set(one, outcomeOf(taken[index]!, one.mount));
    } catch (error) {
      setting.signal.throwIfAborted();
      await sleep(END_MS);
      const dead = left.filter(({ mount }) => mount.failure() !== null);
      const isTheirs = dead.length > 0;
      for (const one of isTheirs ? dead : left) outcomes.set(one, explained(messageOf(error), one.mount));
    }
  }
  return outcomes;
}

/** The part of a contender in the turns of a group, or the reason why it took none. */
type Taken =
  | string
  | {
      readonly slices: ContenderSlices;
      readonly proof: ReadProof;
      readonly operations: number;
      readonly turns: Pick<Turns, "ownNsPerOperation" | "ownCpuNsPerOperation">;
      /** The reason why the times are not those of the placement; null where they are. */
      readonly left: string | null;
    };

async function takeTurns(setting: GroupSetting, all: readonly Contender[]): Promise<Taken[]> {
  const { group, placement, cores, workspace, signal } = setting;
  using _window = setWindows({ ...AS_FOUND, deviceKiB: group.deviceKiB }, workspace.source, workspace.source);
  const reader = await setting.reader();
  const daemons = all.map(({ mount }) => mount.pids());
  using placed = place(placement, cores, reader.pid, daemons);
  const contenders = all.filter((_, index) => placed.refused[index] === null);
  const job = await jobOf(setting, contenders);
  const answer = freeingWait(
    setting,
    reader,
    contenders.map(({ mount }) => mount),
  );
  await answer(reader.open(job));
  const sizes = await answer(reader.size(sliceMsOf(job)));
  const count = turnsOf(sizes.msPerTurn);
  const turns = await answer(reader.turns(count, sizes.operations), SLOWER * count * sizes.msPerTurn);
  const taken = new Map<Contender, Taken>();
  for (const [index, one] of contenders.entries()) {
    // Requests are counted after the turns: by then the reader has begun passes over blocks whose neighbours were read before.
    const proof = await proveReads((operations) => answer(reader.prove(index, operations)), one.mount, job);
    const left = placed.leftBy(all.indexOf(one));
    taken.set(one, { slices: turns.contenders[index]!, proof, operations: sizes.operations[index]!, turns, left });
  }
  await answer(reader.close());
  signal.throwIfAborted();
  return all.map((one, index) => placed.refused[index] ?? taken.get(one)!);
}

/** Turns may take so many times longer than the last one of their sizing. */
const SLOWER = 10;

async function jobOf(
  { group, workspace, fileSizeBytes, groupSeed }: GroupSetting,
  contenders: readonly Contender[],
): Promise<SliceJob> {
  const { workload, ioSizeBytes, cache } = group;
  const { pattern, threads } = workloadOf(workload);
  const name = testFileName(cache);
  if (cache !== "cold") await makeWarm(join(workspace.source, name));
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
    contenders: contenders.map(({ key, mount }) => jobContender(mount, { source: workspace.source, name }, key.readahead, disk)),
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

/** A failure of a contender's slices. Where its daemon ended or hung, that is the cause. */
function explained(failure: string, mount: RoundMount): string {
  const cause = mount.failure();
  return cause === null ? failure : `${cause}: ${failure}`;
}

/** The slices of a contender, or the reason why they don't count. */
function outcomeOf(taken: Taken, mount: RoundMount): Outcome | string {
  if (typeof taken === "string") return taken;
  const { slices, proof, operations, turns, left } = taken;
  const failure = slices.failure ?? proof.failure ?? left;
  if (failure !== null) return explained(failure, mount);
  const { nsPerOperation, cpuNsPerOperation, p50Ns, p99Ns } = slices;
  const isCpuKnown = cpuNsPerOperation.some((ns) => ns !== null);
  return {
    operations,
    nsPerOperation: net(nsPerOperation, turns.ownNsPerOperation),
    cpuNsPerOperation: isCpuKnown ? net(cpuNsPerOperation, turns.ownCpuNsPerOperation) : null,
    ownNsPerOperation: rounded(turns.ownNsPerOperation),
    latencyNs: { p50: p50Ns, p99: p99Ns },
    readsPerOperation: proof.readsPerOperation,
  };
}

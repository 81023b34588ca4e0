import { shuffle } from "simple-statistics";
import type { CellKey, Placement } from "../../results/index.js";
import { AS_FOUND } from "../../results/index.js";
import { formatSize, seededRandom } from "../../workloads/index.js";
import type { Backend } from "../backends/backend.js";
import { groupsOf, type SliceGroup } from "./groups.js";
import { drawCores } from "./place.js";
import { type MountSetting, mountKey, mountRound } from "./round-mounts.js";
import type { RoundSetting } from "./round-setting.js";
import { type SliceReader, startSliceReader } from "./slice-reader.js";
import { takeGroup } from "./take-group.js";

/** The mounts of a round: one for each backend and window that its cells need. */
function mountsOf(keys: readonly CellKey[], backends: ReadonlyMap<string, Backend>): MountSetting[] {
  const settings = keys.map(({ backend, readahead = AS_FOUND }) => ({ backend: backends.get(backend)!, readahead }));
  return [...new Map(settings.map((setting) => [mountKey(setting), setting])).values()];
}

/** One stage of a round: a group in a placement. */
interface Stage {
  readonly group: SliceGroup;
  readonly placement: Placement;
}

/** Groups in random order, each with its placements in random order. */
function stagesOf({ keys, placements, wants }: RoundSetting, random: () => number): Stage[] {
  const groups = shuffle(groupsOf(keys), random);
  return groups.flatMap((group) =>
    shuffle([...placements], random).flatMap((placement) =>
      group.keys.some((key) => wants(key, placement)) ? [{ group, placement }] : [],
    ),
  );
}

/** A reader that is started when it is needed, and again after it has died. */
class Readers implements AsyncDisposable {
  #reader: SliceReader | null = null;
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  async get(): Promise<SliceReader> {
    if (this.#reader?.hasEnded() === true) await this.#reader[Symbol.asyncDispose]();
    if (this.#reader === null || this.#reader.hasEnded()) this.#reader = await startSliceReader(this.#signal);
    return this.#reader;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader?.[Symbol.asyncDispose]();
  }
}

/**
 * Takes one round: mounts every backend afresh in random order, then takes the slices of each group in each placement. A backend
 * that fails is left out of the rest of its group; the others go on.
 *
 * @returns false where no slices are wanted: nothing is mounted then
 * @throws the signal's reason when aborted
 */
export async function takeRound(setting: RoundSetting): Promise<boolean> {
  const { round, backends, workspace, signal, seed } = setting;
  const random = seededRandom(seed + 7919 * (round + 1));
  const cores = drawCores(random);
  const stages = stagesOf(setting, random);
  if (stages.length === 0) return false;
  setting.onPhase("mounting", 0);
  const wanted = stages.flatMap(({ group }) => group.keys);
  await using mounts = await mountRound(shuffle(mountsOf(wanted, backends), random), workspace, signal);
  await using readers = new Readers(signal);
  for (const [index, { group, placement }] of stages.entries()) {
    const name = `${group.workload} ${formatSize(group.ioSizeBytes)} ${group.cache}, ${placement}`;
    setting.onPhase(name, index / stages.length);
    const startedAt = new Date().toISOString();
    const taken = await takeGroup({
      ...setting,
      group,
      placement,
      cores,
      mounts,
      startedAt,
      reader: () => readers.get(),
      groupSeed: Math.floor(random() * 2 ** 31),
    });
    for (const [place, key] of group.keys.entries()) await setting.onSlices(key, placement, taken[place]!);
  }
  return true;
}

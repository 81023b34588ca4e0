import { type Cell, type Placement, type Run, type SliceRound, traitsOf } from "../../../results/index.js";
import { failedRound, takenRound } from "../slices-of.js";
import { measured } from "./measured.js";

/** The differences of a sliced run from the usual one. */
export interface SlicedChanges {
  readonly rounds?: number;
  /** Head's time by base's. */
  readonly headFactor?: number;
  /** The time of base under its other name by base's. */
  readonly againFactor?: number;
  readonly nativeFactor?: number;
  readonly nativeAgainFactor?: number;
  /** Half of the range of the noise of a mount. */
  readonly spread?: number;
  /** Rounds in which head fails, from the first one. */
  readonly failedRounds?: number;
  readonly placements?: readonly Placement[];
}

/** A factor near 1 that each mount has of its own. */
const luck = (round: number, mount: number, spread: number) => 1 + spread * Math.sin(round * 2.4 + mount * 1.7 + round * mount);

/** A run by slices of native, native-again, and a daemon as `base`, `base-again` and `head`, counted twice and without timed samples. */
export function sliced(changes: SlicedChanges = {}): Run {
  const { rounds = 12, headFactor = 1, againFactor = 1, nativeFactor = 1, nativeAgainFactor = 1, spread = 0.004 } = changes;
  const { failedRounds = 0, placements = ["one-core"] } = changes;
  const like = measured();
  const factors: Readonly<Record<string, number>> = {
    native: 1000 * nativeFactor,
    "native-again": 1000 * nativeFactor * nativeAgainFactor,
    base: 20_000 * nativeFactor,
    "base-again": 20_000 * nativeFactor * againFactor,
    head: 20_000 * nativeFactor * headFactor,
  };
  const names = Object.keys(factors);
  const roundOf = (backend: string, round: number): SliceRound => {
    if (backend === "head" && round < failedRounds) return failedRound(round, "the daemon ended between slices");
    const ns = factors[backend]! * luck(round, names.indexOf(backend), spread);
    // The machine is slower in each second turn: neighbours share that.
    return takenRound(round, [ns, ns * 1.3, ns, ns * 1.3, ns]);
  };
  const backends = names.map((name) => {
    const kind = name.startsWith("native") ? ("native" as const) : ("command" as const);
    const command = kind === "native" ? null : `${name} {source} {mountpoint}`;
    const descriptorsLeft = kind === "native" ? {} : { descriptorsLeft: [{ opens: 200, left: 0 }] };
    return { name, kind, command, unavailable: null, ...descriptorsLeft };
  });
  const cells = names.map((backend): Cell => {
    const kindOfCell = backend.startsWith("native") ? backend : "mine";
    const { counts } = like.cells.find((cell) => cell.backend === kindOfCell)!;
    const slices = placements.map((placement) => ({
      placement,
      rounds: Array.from({ length: rounds }, (_, round) => roundOf(backend, round)),
    }));
    return { ...like.cells[0]!, ...traitsOf(backends, backend), backend, samples: [], counts, slices };
  });
  const request = {
    ...like.request,
    backends: names.filter((name) => name !== "native-again").map((name) => ({ name, command: null })),
    slices: { placements: [...placements], rounds: null, precision: 0.02, budgetSeconds: 60 },
  };
  return { ...like, request, backends, cells };
}

/** The pair that a sliced run compares. */
export const slicedPair = { name: "daemon", base: "base", head: "head", again: "base-again" };

/** The rules of most tests of slices: counts and times, and 2 percent. */
export const sliceRules = { kinds: new Set(["counts", "times"] as const), leastRatio: 1.02 };

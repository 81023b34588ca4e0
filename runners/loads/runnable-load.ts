import type { LatencyNs } from "../../results/index.js";

/** The measuring side of a load that runs. */
interface LoadWatcher {
  /** Ends the load when aborted; its run then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Called now and then with the part that is done, 0 to 1. */
  readonly onFraction: (fraction: number) => void;
  /** Called when the load's process exists and has not executed its program yet: the moment to attach counters to its pid. */
  readonly beforeExec: (pid: number) => void;
  /** The tree is a mount that caches pages of its own. Default: it is not. */
  readonly hasPages?: boolean;
}

/** The outcome of a load. */
export interface LoadOutcome {
  readonly operations: number;
  readonly bytes: number;
  /** The time of all operations together. */
  readonly seconds: number;
  /** The time of one operation. */
  readonly latencyNs: LatencyNs;
  /**
   * Figures of its own processes that the load keeps without counters, so that it is not slowed by them; null where it keeps none.
   */
  readonly ownFigures: { readonly contextSwitches: number; readonly cpuSeconds: number } | null;
}

/**
 * Fixed work of one kind on a tree of files: the source tree, or a mount of it. Each kind of load is one file in this drawer.
 */
export interface RunnableLoad {
  /** The operations of one run. A run that does fewer has failed. */
  readonly operations: number;
  /** The same load with the fewest operations: its costs are the startup overhead. Null for a load that has none to take out. */
  readonly startup: RunnableLoad | null;
  /**
   * The same load so many times over, in one run: each pass does the same operations and finds the caches as the first one does. Null
   * for a load that has one pass alone.
   */
  readonly inPasses: ((passes: number) => RunnableLoad) | null;
  /** The files that are read, below the tree. Before a run they are brought into the cell's cache state. */
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  /** The load reads data of its files: a daemon in the way sees READ requests. */
  readonly readsData: boolean;
  /** The part of the load's processes that is counted: "children" where the first of them only waits for the others. */
  readonly counted: "tree" | "children";
  /** A run that takes longer is given up: the daemon hangs. */
  readonly limitMs: number;
  /**
   * Makes the files in a source tree. Files that are there already are kept.
   *
   * @param onFraction called with the part that is written, 0 to 1
   * @throws {FusemeterError} where they can't be made
   */
  prepare(tree: string, signal: AbortSignal, onFraction: (fraction: number) => void): Promise<void>;
  /**
   * Runs the load once.
   *
   * @throws {FusemeterError} where it fails
   */
  run(tree: string, watcher: LoadWatcher): Promise<LoadOutcome>;
}

import type { MessagePort } from "node:worker_threads";
import { importPolicy } from "../policies/load.js";
import { type Context, createContext, type Settings } from "../serving/context.js";
import { ArrivalTable } from "../tables/arrival.js";
import { DaemonReadahead } from "../tables/daemon-readahead.js";
import { InodeTable } from "../tables/inodes.js";
import { OpenFiles } from "../tables/open-files.js";
import { Statistics } from "../tables/statistics.js";
import { Views } from "../tables/views.js";

/** The start data that every thread of a mount gets. Threads share their descriptors, so the numbers are enough. */
export interface ThreadData {
  readonly settings: Settings;
  readonly inodes: SharedArrayBuffer;
  readonly openFiles: SharedArrayBuffer;
  /** The memory of an `ArrivalTable`; null if all of the source is there. */
  readonly arrival: SharedArrayBuffer | null;
  /** The shared memory of the daemon's readahead, and its window; null for a mount without it. */
  readonly daemonReadahead: { readonly memory: SharedArrayBuffer; readonly windowBytes: number } | null;
  /** Null if the policy has no transforms. */
  readonly views: SharedArrayBuffer | null;
  readonly statistics: SharedArrayBuffer;
  /** The descriptor that the mount was made with. */
  readonly connection: number;
  /** The directory /proc/self/fd. */
  readonly descriptors: number;
  /** The source's root, for file handles; -1 if they can't be used. */
  readonly handleRoot: number;
  readonly handleMount: number;
}

/** A thread's own view of that data. @param worker its row of the statistics, @param deferred the port to the deferred thread */
export async function contextOf(data: ThreadData, worker: number, deferred: MessagePort): Promise<Context> {
  const inodes = new InodeTable(data.inodes);
  const { daemonReadahead } = data;
  const { policy: source } = data.settings;
  const policy = source === null ? null : await importPolicy(source.url);
  const statistics = new Statistics(data.statistics);
  return createContext({
    ...data,
    inodes,
    readahead: daemonReadahead === null ? null : new DaemonReadahead(daemonReadahead.memory, inodes, daemonReadahead.windowBytes),
    openFiles: new OpenFiles(data.openFiles),
    arrival: data.arrival === null ? null : new ArrivalTable(data.arrival),
    policy,
    transforms: source?.transforms.map((name) => policy!.transforms![name]!) ?? [],
    views: data.views === null ? null : new Views(data.views),
    statistics,
    requests: statistics.row(worker),
    device: data.connection,
    deferred,
  });
}

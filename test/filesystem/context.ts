import { constants, openSync } from "node:fs";
import { MessageChannel } from "node:worker_threads";
import type { InitFlag } from "../../filesystem/protocol/init.js";
import { cacheRules } from "../../filesystem/serving/cache-modes.js";
import type { Context, Settings } from "../../filesystem/serving/context.js";
import { InodeTable } from "../../filesystem/tables/inodes.js";
import { OpenFiles } from "../../filesystem/tables/open-files.js";
import { Statistics } from "../../filesystem/tables/statistics.js";
import { contextOf } from "../../filesystem/threads/thread-data.js";
import { statxOf } from "../../linux/libc/attributes.js";
import { Open } from "../../linux/libc/flags.js";
import { descriptorLimit } from "../../linux/libc/limits.js";
import { Memory } from "../../linux/libc/memory.js";

/** The largest answer. */
export const REPLY_BYTES = 1 << 20;

/** A context as a worker has it, for messages that no kernel sends. @param negotiated the flags that INIT has agreed on */
export async function contextOn(source: string, negotiated: readonly InitFlag[] = []): Promise<Context> {
  const root = openSync(source, Open.PATH | constants.O_DIRECTORY);
  const statx = new Memory(256);
  statxOf(root, statx.address);
  const settings: Settings = {
    source,
    mode: "daemon",
    content: "source",
    transport: "device",
    minor: 45,
    ...cacheRules("bounded", 1),
    negotiated: new Set(negotiated),
    policy: null,
    reportsLate: true,
    openlessDirectories: false,
    writeback: false,
    maxWriteBytes: REPLY_BYTES,
    debug: false,
  };
  const data = {
    settings,
    inodes: InodeTable.create(root, statx.words, 4),
    openFiles: OpenFiles.create(descriptorLimit()),
    statistics: Statistics.create(1),
    arrival: null,
    daemonReadahead: null,
    views: null,
    // Takes notifications.
    connection: openSync("/dev/null", "r+"),
    descriptors: openSync("/proc/self/fd", Open.PATH | constants.O_DIRECTORY),
    handleRoot: -1,
    handleMount: -1,
  };
  return contextOf(data, 0, new MessageChannel().port1);
}

import { constants, openSync } from "node:fs";
import { MessageChannel } from "node:worker_threads";
import { cacheRules } from "../../filesystem/cache-modes.js";
import { InodeTable } from "../../filesystem/inodes.js";
import { statxOf } from "../../filesystem/linux/attributes.js";
import { Open } from "../../filesystem/linux/flags.js";
import { descriptorLimit } from "../../filesystem/linux/limits.js";
import { Memory } from "../../filesystem/linux/memory.js";
import { OpenFiles } from "../../filesystem/open-files.js";
import type { Context, Settings } from "../../filesystem/operations/context.js";
import type { InitFlag } from "../../filesystem/protocol/init.js";
import { Statistics } from "../../filesystem/statistics.js";
import { contextOf } from "../../filesystem/thread-data.js";

/** How much an answer may be. */
export const REPLY_BYTES = 1 << 20;

/** A context as a worker has it, for messages that no kernel sends. @param negotiated what INIT has agreed on */
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

import { join } from "node:path";
import { AS_FOUND, type ReadaheadSetting } from "../../results/index.js";
import type { JobContender } from "./reader/protocol.js";
import type { RoundMount } from "./round-mounts.js";

/**
 * A file on a mount of a round, as the reader meets it.
 *
 * @param name its name below the source tree and the mount
 * @param disk files that are 0 when the disk has nothing to do; none where the file is in memory
 */
export function jobContender(
  mount: RoundMount,
  { source, name }: { readonly source: string; readonly name: string },
  { access, advice }: Pick<ReadaheadSetting, "access" | "advice"> = AS_FOUND,
  disk: readonly string[] = [],
): JobContender {
  return {
    path: join(mount.path, name),
    source: join(source, name),
    // A drop of pages at another kind of mount (bind, overlay) drops the source's.
    hasPages: mount.connection !== null,
    access,
    advice,
    pids: mount.pids(),
    inFlight: [...(mount.waiting === null ? [] : [mount.waiting]), ...disk],
    idlesByCpu: mount.connection !== null && mount.waiting === null,
  };
}

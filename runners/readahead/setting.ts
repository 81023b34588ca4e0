import { type CellKey, hasMountWindow, isAsFound, type ReadaheadSetting } from "../../results/index.js";

import { type Backend, NATIVE_AGAIN } from "../backends/backend.js";

/**
 * True where the reads of a cell depend on its readahead setting. A mount's window rules only reads that its daemon serves; the
 * block device's rules only reads from the device.
 */
export function seesReadahead(
  { name, kind, ownsReadahead = false }: Backend,
  { readahead, cache }: Pick<CellKey, "readahead" | "cache">,
): boolean {
  if (readahead === undefined) return true;
  // The second native backend measures the noise of the plain case alone.
  if (name === NATIVE_AGAIN && !isAsFound(readahead)) return false;
  const { mountKiB, initKiB, deviceKiB, advice, access } = readahead;
  const hasWindow = hasMountWindow({ kind, ownsReadahead });
  if (mountKiB !== null && !hasWindow) return false;
  // There is no way to pass `max_readahead` to a daemon of the user's own.
  if (initKiB !== null && (!hasWindow || kind === "command")) return false;
  if (deviceKiB !== null && cache !== "cold") return false;
  // A file that is all in the page cache is read in the same way, whatever the advice.
  return advice === "none" || access === "mmap" || hasWindow || cache === "cold";
}

/** A backend of ours whose daemon answers INIT with the setting's window. */
export function withInitWindow(backend: Backend, { initKiB }: ReadaheadSetting): Backend {
  if (initKiB === null || backend.command === null) return backend;
  return { ...backend, command: backend.command.replace(" mount ", ` mount --max-readahead ${initKiB} `) };
}

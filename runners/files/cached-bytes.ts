import { type FileHandle, open } from "node:fs/promises";
import { countCachedPages } from "../../linux/libc/page-cache.js";
import { pageSizeBytes } from "../../linux/libc/page-size.js";

/** The part of a file that is in a page cache: the mount's own, and the source's. */
export interface CacheWatch extends AsyncDisposable {
  /** The cached bytes; null for a file that is not watched, or on a kernel without cachestat(2) (Linux 6.5). */
  read(): { mount: number | null; source: number | null };
}

/**
 * Opens files to count their cached pages after a load. They are opened before it, since an open of a FUSE file drops its cached
 * pages.
 *
 * @param release frees an open that a hung daemon does not answer; called when `signal` aborts
 */
export async function watchCache(
  paths: { readonly mount: readonly string[]; readonly source: readonly string[] },
  signal: AbortSignal,
  release: () => void,
): Promise<CacheWatch> {
  const onAbort = () => release();
  signal.addEventListener("abort", onAbort, { once: true });
  const openAll = (files: readonly string[]) => Promise.all(files.map((file) => open(file, "r")));
  const handles = { mount: await openAll(paths.mount), source: await openAll(paths.source) };
  signal.removeEventListener("abort", onAbort);
  const bytesOf = (files: readonly FileHandle[]) => {
    const pages = files.map(({ fd }) => countCachedPages(fd));
    if (pages.length === 0 || pages.some((count) => count < 0)) return null;
    return pages.reduce((sum, count) => sum + count, 0) * pageSizeBytes;
  };
  return {
    read: () => ({ mount: bytesOf(handles.mount), source: bytesOf(handles.source) }),
    async [Symbol.asyncDispose]() {
      // close(2) on a mount without its daemon gives ENOTCONN. The failed load has reported that already.
      for (const handle of handles.mount) await handle.close().catch(() => {});
      for (const handle of handles.source) await handle.close();
    },
  };
}

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
  paths: { readonly mount: string | null; readonly source: string | null },
  signal: AbortSignal,
  release: () => void,
): Promise<CacheWatch> {
  const onAbort = () => release();
  signal.addEventListener("abort", onAbort, { once: true });
  const handles = {
    mount: paths.mount === null ? null : await open(paths.mount, "r"),
    source: paths.source === null ? null : await open(paths.source, "r"),
  };
  signal.removeEventListener("abort", onAbort);
  const bytesOf = (handle: FileHandle | null) => {
    const pages = handle === null ? -1 : countCachedPages(handle.fd);
    return pages < 0 ? null : pages * pageSizeBytes;
  };
  return {
    read: () => ({ mount: bytesOf(handles.mount), source: bytesOf(handles.source) }),
    async [Symbol.asyncDispose]() {
      // close(2) on a mount without its daemon gives ENOTCONN. The failed load has reported that already.
      await handles.mount?.close().catch(() => {});
      await handles.source?.close();
    },
  };
}

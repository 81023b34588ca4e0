import { hasStableListings, mayReportLate } from "../serving/cache-modes.js";
import type { Settings } from "../serving/context.js";
import type { Agreement } from "./negotiation.js";
import type { ResolvedOptions } from "./options.js";

/** The facts of a mount that neither its options nor the kernel's agreement tell. */
interface Facts extends Pick<Settings, "source" | "mode" | "transport" | "policy"> {
  /** `f_type` of the source's filesystem. */
  readonly filesystemType: number;
  /** True if some opens see their file by a transform. */
  readonly hasViews: boolean;
}

/** The settings that every thread of a mount gets. */
export function settingsOf(
  { content, cache, cacheMode, debug }: ResolvedOptions,
  { minor, offered, init }: Agreement,
  { filesystemType, hasViews, ...facts }: Facts,
): Settings {
  return {
    ...facts,
    ...cache,
    minor,
    content,
    // The kernel has one page cache an inode, whichever view an open has.
    pages: cache.pages && !hasViews,
    reportsLate: mayReportLate(filesystemType),
    openlessDirectories: cacheMode === "full" && offered.has("NO_OPENDIR_SUPPORT") && hasStableListings(filesystemType),
    negotiated: init.flags,
    maxWriteBytes: init.maxWrite,
    writeback: init.flags.has("WRITEBACK_CACHE"),
    debug,
  };
}

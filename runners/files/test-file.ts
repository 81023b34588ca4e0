import { join } from "node:path";
import type { CacheState } from "../../results/index.js";

import type { Workspace } from "./workspace.js";

/**
 * The name of the file that is read in a cache state, below the source or the mountpoint. Cold samples read a file of their own:
 * the other one stays warm.
 */
export function testFileName(cache: CacheState): string {
  return cache === "cold" ? "cold.dat" : "warm.dat";
}

/** The path of the file for the native backend. */
export function testFile(workspace: Workspace, cache: CacheState): string {
  return join(workspace.source, testFileName(cache));
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A folder for one script, and the signal that is aborted when the script is asked to end. What it has started must then be told
 * to end, and waited for, before the folder is removed: it may have mounted below it.
 */
export function scratch(name) {
  const folder = mkdtempSync(join(tmpdir(), name));
  const controller = new AbortController();
  const { signal } = controller;
  for (const asked of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(asked, () => controller.abort(asked));

  /** Does the script's work, and removes the folder whatever happens. */
  async function within(work) {
    try {
      await work();
    } catch (error) {
      if (!signal.aborted) throw error;
      console.error(`ended by ${signal.reason}`);
      process.exitCode = 130;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  return { folder, signal, within };
}

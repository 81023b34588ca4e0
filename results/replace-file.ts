import { rename, rm, writeFile } from "node:fs/promises";

/**
 * Writes a file so that a reader, or a crash, never meets half of it: to a file beside it, then renamed over it. Where that
 * fails the file is as it was, and nothing is left beside it.
 *
 * @throws what the failed call threw
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const beside = `${path}.${process.pid}`;
  try {
    await writeFile(beside, content);
    await rename(beside, path);
  } catch (cause) {
    // It may not even be there: the error that is told is the first one.
    await rm(beside, { force: true }).catch(() => undefined);
    throw cause;
  }
}

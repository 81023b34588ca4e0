import { rename, rm, writeFile } from "node:fs/promises";

/**
 * Writes a file in one step for its readers: the content goes to a file beside it, which is then renamed over it. A failure or a
 * crash leaves the old file; a failure also removes the file beside it.
 *
 * @throws the error of the failed call
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const beside = `${path}.${process.pid}`;
  try {
    await writeFile(beside, content);
    await rename(beside, path);
  } catch (cause) {
    // The file beside it may be missing too. The first error is the one to report.
    await rm(beside, { force: true }).catch(() => undefined);
    throw cause;
  }
}

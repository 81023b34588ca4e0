import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { FusemeterError, messageOf } from "../errors.js";
import { replaceFile } from "./replace-file.js";

/**
 * Writes a file of a report in one step, with its directory. A failure leaves nothing behind.
 *
 * @throws {FusemeterError} `REPORT_NOT_WRITTEN`
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await replaceFile(path, content);
  } catch (cause) {
    throw new FusemeterError({
      code: "REPORT_NOT_WRITTEN",
      fault: "use",
      problem: `${path} can't be written`,
      reason: messageOf(cause),
      remedy: "choose another directory with --out",
      cause,
    });
  }
}

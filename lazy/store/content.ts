import { createHash } from "node:crypto";
import { read, write } from "node:fs";
import { promisify } from "node:util";
import { messageOf } from "../../errors.js";
import { openBeneath } from "../../linux/libc/beneath.js";
import { errnoName } from "../../linux/libc/errno.js";
import { close } from "../../linux/libc/files.js";
import { Open } from "../../linux/libc/flags.js";
import type { Chunk, FileEntry } from "../manifest/index.js";
import { restoreAfterWrite } from "./attributes.js";
import { unwritable } from "./errors.js";

const readAsync = promisify(read);
const writeAsync = promisify(write);

/** Nothing else may be opened in a file's place, and a FIFO there must not make the open wait. */
const GUARDED = Open.NOFOLLOW | Open.NONBLOCK;

/** Writes a chunk into its file, whose attributes stay as they are. @throws FusemeterError `STORE_UNWRITABLE` */
export async function writeChunk(root: number, entry: FileEntry, { offset }: Chunk, bytes: Uint8Array): Promise<void> {
  const part = `tree/${entry.path}`;
  const fd = openBeneath(root, entry.path, Open.WRONLY | GUARDED);
  if (fd < 0) throw unwritable(part, errnoName(-fd));
  try {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await writeAsync(fd, bytes, done, bytes.length - done, offset + done);
      done += bytesWritten;
    }
    restoreAfterWrite(fd, entry);
  } catch (error) {
    throw unwritable(part, messageOf(error));
  } finally {
    close(fd);
  }
}

/** True if a chunk's data is in its file. */
export async function hasContent(root: number, entry: FileEntry, { offset, size, sha256 }: Chunk): Promise<boolean> {
  const fd = openBeneath(root, entry.path, Open.RDONLY | GUARDED);
  if (fd < 0) return false;
  try {
    const bytes = Buffer.allocUnsafe(size);
    for (let done = 0; done < size; ) {
      const { bytesRead } = await readAsync(fd, bytes, done, size - done, offset + done);
      if (bytesRead === 0) return false;
      done += bytesRead;
    }
    return createHash("sha256").update(bytes).digest("hex") === sha256;
  } catch {
    return false;
  } finally {
    close(fd);
  }
}

import { At } from "./flags.js";
import { type Address, bind } from "./libc.js";
import { emptyString, Memory } from "./memory.js";

const nameToHandleAt = bind("int name_to_handle_at(int, uintptr_t, uintptr_t, uintptr_t, int)");
const rawOpenByHandleAt = bind("int open_by_handle_at(int, uintptr_t, int)");

/** The longest handle that is of use here. ext4, XFS and btrfs have 8 to 40 bytes; the kernel's MAX_HANDLE_SZ is 128. */
const HANDLE_BYTES = 40;

/** struct file_handle: u32 handle_bytes 0, s32 handle_type 4, u8 f_handle[] 8. */
export const FILE_HANDLE_WORDS = 2 + HANDLE_BYTES / 4;

/**
 * A file's handle, by which open_by_handle_at(2) opens it as long as it exists, under any name. Another file never has
 * the same, even if it gets the inode number.
 */
export class FileHandle {
  readonly #struct = new Memory(4 * FILE_HANDLE_WORDS);
  readonly #mountId = new Memory(4);
  /** The struct. Unused bytes are zero, so equal handles are equal words. */
  readonly words: Uint32Array = this.#struct.words;

  /** The id of the mount that the file was reached through. */
  get mountId(): number {
    return this.#mountId.words[0]!;
  }

  /** Takes the handle of an open file, or of a name that is no symbolic link to follow: 0, or -errno. */
  take(directory: number, name: Address = emptyString.address): number {
    this.words.fill(0);
    this.words[0] = HANDLE_BYTES;
    const flags = name === emptyString.address ? At.EMPTY_PATH : 0;
    return nameToHandleAt(directory, name, this.#struct.address, this.#mountId.address, flags);
  }

  /** Opens the file again: a descriptor, or -errno (ESTALE: it is gone). @param mount a directory of its filesystem, not O_PATH */
  open(mount: number, flags: number): number {
    return rawOpenByHandleAt(mount, this.#struct.address, flags);
  }
}

import { isDeepStrictEqual } from "node:util";
import { z } from "zod";

/** Readahead while a cell is measured. Null leaves a window as the host has it. */
export const readaheadSetting = z.object({
  /** `read_ahead_kb` of the FUSE mount, set after the mount. */
  mountKiB: z.int().nonnegative().nullable(),
  /** `max_readahead`, which the daemon answers to INIT. */
  initKiB: z.int().nonnegative().nullable(),
  /** `read_ahead_kb` of the block device under the source tree. */
  deviceKiB: z.int().nonnegative().nullable(),
  /** The load's way of reading: pread(2), or a mapping, where a page fault is the way into the kernel. */
  access: z.enum(["read", "mmap"]),
  /** The load's advice to the kernel: none, or POSIX_FADV_RANDOM and, of a mapping, MADV_RANDOM. */
  advice: z.enum(["none", "random"]),
});

export type ReadaheadSetting = z.infer<typeof readaheadSetting>;

/** Nothing is set: every window as the host and the kernel have it, plain reads without advice. */
export const AS_FOUND: ReadaheadSetting = { mountKiB: null, initKiB: null, deviceKiB: null, access: "read", advice: "none" };

/** True for a setting that sets nothing. */
export function isAsFound(setting: ReadaheadSetting): boolean {
  return isDeepStrictEqual(setting, AS_FOUND);
}

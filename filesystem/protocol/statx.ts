import { Statx } from "../../linux/libc/statx.js";
import type { Timeout } from "./attributes.js";

/** struct fuse_statx_in, 24 bytes: u32 getattr_flags 0, u32 reserved 4, u64 fh 8, u32 sx_flags 16, u32 sx_mask 20. */
export const StatxIn = { bytes: 24, getattrFlags: 0, fh: 2, sxFlags: 4, sxMask: 5 } as const;

/**
 * struct fuse_statx_out, 288 bytes: u64 attr_valid 0, u32 attr_valid_nsec 8, u32 flags 12, u64 spare[2] 16,
 * struct fuse_statx 32, which is struct statx up to stx_dev_minor (144 bytes) and zeros.
 */
export const StatxOut = { bytes: 288, attrValid: 0, attrValidNsec: 2, stat: 8 } as const;

/** The fields of struct statx that have a meaning here, by word. */
const COMMON_WORDS = Statx.devMinor + 1;

export function encodeStatxOut(out: Uint32Array, timeout: Timeout, statx: Uint32Array): void {
  out.fill(0, 0, StatxOut.bytes / 4);
  out[StatxOut.attrValid] = timeout.seconds;
  out[StatxOut.attrValidNsec] = timeout.nanoseconds;
  for (let word = 0; word < COMMON_WORDS; word++) out[StatxOut.stat + word] = statx[word]!;
}

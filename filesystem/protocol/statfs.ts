import { copyU64 } from "./words.js";

/**
 * struct fuse_kstatfs, 80 bytes:
 *
 *     u64 blocks  0    u64 files 24    u32 bsize   40    u32 padding  52
 *     u64 bfree   8    u64 ffree 32    u32 namelen 44    u32 spare[6] 56
 *     u64 bavail 16                    u32 frsize  48
 */
export const StatfsOut = {
  bytes: 80,
  blocks: 0,
  bfree: 2,
  bavail: 4,
  files: 6,
  ffree: 8,
  bsize: 10,
  namelen: 11,
  frsize: 12,
} as const;

/**
 * struct statfs of LP64 (asm-generic/statfs.h), 120 bytes:
 *
 *     long f_type   0    u64 f_bavail 32    long f_namelen 64
 *     long f_bsize  8    u64 f_files  40    long f_frsize  72
 *     u64 f_blocks 16    u64 f_ffree  48    long f_flags   80
 *     u64 f_bfree  24    f_fsid       56    long f_spare[4]
 */
export const Statfs = {
  bytes: 120,
  type: 0,
  bsize: 2,
  blocks: 4,
  bfree: 6,
  bavail: 8,
  files: 10,
  ffree: 12,
  namelen: 16,
  frsize: 18,
} as const;

/** Writes a struct statfs as a struct fuse_kstatfs. */
export function encodeStatfs(out: Uint32Array, statfs: Uint32Array): void {
  out.fill(0, 0, StatfsOut.bytes / 4);
  copyU64(out, StatfsOut.blocks, statfs, Statfs.blocks);
  copyU64(out, StatfsOut.bfree, statfs, Statfs.bfree);
  copyU64(out, StatfsOut.bavail, statfs, Statfs.bavail);
  copyU64(out, StatfsOut.files, statfs, Statfs.files);
  copyU64(out, StatfsOut.ffree, statfs, Statfs.ffree);
  out[StatfsOut.bsize] = statfs[Statfs.bsize]!;
  out[StatfsOut.namelen] = statfs[Statfs.namelen]!;
  out[StatfsOut.frsize] = statfs[Statfs.frsize]!;
}

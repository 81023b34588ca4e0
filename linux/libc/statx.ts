/**
 * struct statx (linux/stat.h), 256 bytes, by 32-bit word:
 *
 *     u32 stx_mask            0    struct statx_timestamp stx_atime   64  { s64 tv_sec, u32 tv_nsec, s32 }
 *     u32 stx_blksize         4    struct statx_timestamp stx_btime   80
 *     u64 stx_attributes      8    struct statx_timestamp stx_ctime   96
 *     u32 stx_nlink          16    struct statx_timestamp stx_mtime  112
 *     u32 stx_uid            20    u32 stx_rdev_major                128
 *     u32 stx_gid            24    u32 stx_rdev_minor                132
 *     u16 stx_mode           28    u32 stx_dev_major                 136
 *     u64 stx_ino            32    u32 stx_dev_minor                 140
 *     u64 stx_size           40
 *     u64 stx_blocks         48
 *     u64 stx_attributes_mask 56
 */
export const Statx = {
  bytes: 256,
  blksize: 1,
  nlink: 4,
  uid: 5,
  gid: 6,
  /** The low half of the word. */
  mode: 7,
  ino: 8,
  size: 10,
  blocks: 12,
  atime: 16,
  ctime: 24,
  mtime: 28,
  rdevMajor: 32,
  rdevMinor: 33,
  devMajor: 34,
  devMinor: 35,
} as const;

/** A device number as one word: 12 bits of major, 20 of minor, all that a dev_t has inside the kernel. */
export function deviceOf(words: Uint32Array): number {
  return ((words[Statx.devMajor]! << 20) | words[Statx.devMinor]!) >>> 0;
}

/** A word that is another after each change of a file: of its time of change, the nanoseconds and the low bits of the seconds. */
export function changeStamp(words: Uint32Array): number {
  return words[Statx.ctime + 2]! | (words[Statx.ctime]! << 30);
}

export function modeOf(words: Uint32Array): number {
  return words[Statx.mode]! & 0xffff;
}

/** A device number as the kernel writes it into 32 bits (`new_encode_dev`, linux/kdev_t.h). */
export function deviceNumber(major: number, minor: number): number {
  return ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
}

/** The ABI that this program speaks: FUSE_KERNEL_VERSION and the newest FUSE_KERNEL_MINOR_VERSION that it knows. */
export const ABI = { major: 7, minor: 45 } as const;

/** The oldest minor that it works with: struct fuse_init_out got its present size with it (Linux 3.15). */
export const OLDEST_MINOR = 23;

/** INIT flags (linux/fuse.h). Bits 32 and above travel in `flags2`: here they are numbers of bits. */
const InitBit = {
  ASYNC_READ: 0,
  POSIX_LOCKS: 1,
  FILE_OPS: 2,
  ATOMIC_O_TRUNC: 3,
  EXPORT_SUPPORT: 4,
  BIG_WRITES: 5,
  DONT_MASK: 6,
  SPLICE_WRITE: 7,
  SPLICE_MOVE: 8,
  SPLICE_READ: 9,
  FLOCK_LOCKS: 10,
  HAS_IOCTL_DIR: 11,
  AUTO_INVAL_DATA: 12,
  DO_READDIRPLUS: 13,
  READDIRPLUS_AUTO: 14,
  ASYNC_DIO: 15,
  WRITEBACK_CACHE: 16,
  NO_OPEN_SUPPORT: 17,
  PARALLEL_DIROPS: 18,
  HANDLE_KILLPRIV: 19,
  POSIX_ACL: 20,
  ABORT_ERROR: 21,
  MAX_PAGES: 22,
  CACHE_SYMLINKS: 23,
  NO_OPENDIR_SUPPORT: 24,
  EXPLICIT_INVAL_DATA: 25,
  MAP_ALIGNMENT: 26,
  SUBMOUNTS: 27,
  HANDLE_KILLPRIV_V2: 28,
  SETXATTR_EXT: 29,
  INIT_EXT: 30,
  SECURITY_CTX: 32,
  HAS_INODE_DAX: 33,
  CREATE_SUPP_GROUP: 34,
  HAS_EXPIRE_ONLY: 35,
  DIRECT_IO_ALLOW_MMAP: 36,
  PASSTHROUGH: 37,
  NO_EXPORT_SUPPORT: 38,
  HAS_RESEND: 39,
  ALLOW_IDMAP: 40,
  OVER_IO_URING: 41,
  REQUEST_TIMEOUT: 42,
} as const;

export type InitFlag = keyof typeof InitBit;

// A shift counts modulo 32, so that `bit + 32` would shift alike; `bit - 32` says what is meant.
function setBit(words: readonly [number, number], bit: number): [number, number] {
  // Stryker disable next-line ArithmeticOperator: see above
  return bit < 32 ? [(words[0] | (1 << bit)) >>> 0, words[1]] : [words[0], (words[1] | (1 << (bit - 32))) >>> 0];
}

/** The two words of a set of flags: `flags` and `flags2`. */
export function flagWords(flags: Iterable<InitFlag>): [number, number] {
  let words: [number, number] = [0, 0];
  for (const flag of flags) words = setBit(words, InitBit[flag]);
  return words;
}

/** The set of flags that two words stand for. Bits that this program has no name for are dropped. */
export function flagSet(flags: number, flags2: number): Set<InitFlag> {
  // Stryker disable next-line ArithmeticOperator: see above
  const has = (bit: number) => ((bit < 32 ? flags >>> bit : flags2 >>> (bit - 32)) & 1) === 1;
  return new Set((Object.keys(InitBit) as InitFlag[]).filter((flag) => has(InitBit[flag])));
}

/** The kernel's offer. */
export interface InitIn {
  readonly major: number;
  readonly minor: number;
  readonly maxReadahead: number;
  readonly flags: ReadonlySet<InitFlag>;
}

/**
 * struct fuse_init_in, 64 bytes (16 before ABI 7.36):
 *
 *     u32 major 0, u32 minor 4, u32 max_readahead 8, u32 flags 12, u32 flags2 16, u32 unused[11] 20
 *
 * `flags2` is there when `flags` has INIT_EXT.
 */
export function decodeInitIn(words: Uint32Array, byteLength: number): InitIn {
  const flags = words[3]!;
  const extended = byteLength >= 20 && ((flags >>> InitBit.INIT_EXT) & 1) === 1;
  return {
    major: words[0]!,
    minor: words[1]!,
    maxReadahead: byteLength >= 12 ? words[2]! : 0,
    flags: flagSet(byteLength >= 16 ? flags : 0, extended ? words[4]! : 0),
  };
}

/** The daemon's answer to the offer. */
export interface InitOut {
  readonly maxReadahead: number;
  readonly flags: ReadonlySet<InitFlag>;
  readonly maxBackground: number;
  readonly congestionThreshold: number;
  readonly maxWrite: number;
  /** Nanoseconds. */
  readonly timeGranularity: number;
  readonly maxPages: number;
  readonly maxStackDepth: number;
}

/**
 * struct fuse_init_out, 64 bytes:
 *
 *     u32 major                 0    u32 max_write           20    u32 flags2          32
 *     u32 minor                 4    u32 time_gran           24    u32 max_stack_depth 36
 *     u32 max_readahead         8    u16 max_pages           28    u16 request_timeout 40
 *     u32 flags                12    u16 map_alignment       30    u16 unused[11]      42
 *     u16 max_background       16
 *     u16 congestion_threshold 18
 */
export const INIT_OUT_BYTES = 64;

export function encodeInitOut(words: Uint32Array, init: InitOut): void {
  const [flags, flags2] = flagWords(init.flags);
  words.fill(0, 0, INIT_OUT_BYTES / 4);
  words[0] = ABI.major;
  words[1] = ABI.minor;
  words[2] = init.maxReadahead;
  words[3] = flags;
  words[4] = (init.congestionThreshold << 16) | init.maxBackground;
  words[5] = init.maxWrite;
  words[6] = init.timeGranularity;
  words[7] = init.maxPages;
  words[8] = flags2;
  words[9] = init.maxStackDepth;
}

/** Flags of open(2). The generic values of x86-64, except those that arm64 permutes. */
const arm = process.arch === "arm64";

export const Open = {
  ACCMODE: 0o3,
  RDONLY: 0o0,
  WRONLY: 0o1,
  RDWR: 0o2,
  CREAT: 0o100,
  EXCL: 0o200,
  NOCTTY: 0o400,
  TRUNC: 0o1000,
  APPEND: 0o2000,
  DIRECT: arm ? 0o200000 : 0o40000,
  LARGEFILE: arm ? 0o400000 : 0o100000,
  DIRECTORY: arm ? 0o40000 : 0o200000,
  NOFOLLOW: arm ? 0o100000 : 0o400000,
  NONBLOCK: 0o4000,
  CLOEXEC: 0o2000000,
  PATH: 0o10000000,
  /** `__O_TMPFILE` without the `O_DIRECTORY` that callers must add. */
  TMPFILE: 0o20000000,
} as const;

/** `dirfd` values and flags of the *at calls (linux/fcntl.h). */
export const At = {
  FDCWD: -100,
  SYMLINK_NOFOLLOW: 0x100,
  REMOVEDIR: 0x200,
  SYMLINK_FOLLOW: 0x400,
  EMPTY_PATH: 0x1000,
} as const;

/** File types and mode bits of `st_mode` (linux/stat.h). */
export const Mode = {
  IFMT: 0o170000,
  IFLNK: 0o120000,
  IFREG: 0o100000,
  IFDIR: 0o040000,
  ISUID: 0o4000,
  ISGID: 0o2000,
} as const;

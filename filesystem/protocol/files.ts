/** struct fuse_open_in, 8 bytes: u32 flags 0, u32 open_flags 4. */
export const OpenIn = { bytes: 8, flags: 0, openFlags: 1 } as const;

/** `fuse_open_in.open_flags`: set-id bits must go, since the caller truncates and may not keep them. */
export const FUSE_OPEN_KILL_SUIDGID = 1 << 0;

/** struct fuse_create_in, 16 bytes: u32 flags 0, u32 mode 4, u32 umask 8, u32 open_flags 12; then the name. */
export const CreateIn = { bytes: 16, flags: 0, mode: 1, umask: 2, openFlags: 3 } as const;

/** struct fuse_open_out, 16 bytes: u64 fh 0, u32 open_flags 8, s32 backing_id 12. */
export const OpenOut = { bytes: 16, fh: 0, openFlags: 2, backingId: 3 } as const;

/** `fuse_open_out.open_flags`: what the kernel may do with this open. */
export const Fopen = {
  DIRECT_IO: 1 << 0,
  KEEP_CACHE: 1 << 1,
  NONSEEKABLE: 1 << 2,
  CACHE_DIR: 1 << 3,
  STREAM: 1 << 4,
  NOFLUSH: 1 << 5,
  PARALLEL_DIRECT_WRITES: 1 << 6,
  PASSTHROUGH: 1 << 7,
} as const;

/** Writes a struct fuse_open_out at a word. */
export function encodeOpenOut(
  out: Uint32Array,
  at: number,
  fd: number,
  fhHigh: number,
  openFlags: number,
  backingId: number,
): void {
  // Stryker disable ArithmeticOperator: fh is at 0
  out[at + OpenOut.fh] = fd;
  out[at + OpenOut.fh + 1] = fhHigh;
  // Stryker restore ArithmeticOperator
  out[at + OpenOut.openFlags] = openFlags;
  out[at + OpenOut.backingId] = backingId;
}

/** struct fuse_release_in, 24 bytes: u64 fh 0, u32 flags 8, u32 release_flags 12, u64 lock_owner 16. */
export const ReleaseIn = { bytes: 24, fh: 0, flags: 2, releaseFlags: 3, lockOwner: 4 } as const;

/** `fuse_release_in.release_flags`: the open file may have had a lock of flock(2), which ends with it. */
export const FUSE_RELEASE_FLOCK_UNLOCK = 1 << 1;

/** struct fuse_flush_in, 24 bytes: u64 fh 0, u32 unused 8, u32 padding 12, u64 lock_owner 16. */
export const FlushIn = { bytes: 24, fh: 0, lockOwner: 4 } as const;

/** struct fuse_fsync_in, 16 bytes: u64 fh 0, u32 fsync_flags 8, u32 padding 12. */
export const FsyncIn = { bytes: 16, fh: 0, fsyncFlags: 2 } as const;

/** `fsync_flags`: data only, as fdatasync(2). */
export const FUSE_FSYNC_FDATASYNC = 1;

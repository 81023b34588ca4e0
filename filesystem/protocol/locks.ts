/**
 * struct fuse_lk_in, 48 bytes: u64 fh 0, u64 owner 8, struct fuse_file_lock 16, u32 lk_flags 40, u32 padding 44.
 * struct fuse_file_lock, 24 bytes: u64 start 0, u64 end 8, u32 type 16, u32 pid 20.
 * struct fuse_lk_out is a struct fuse_file_lock.
 */
export const LkIn = { bytes: 48, fh: 0, owner: 2, start: 4, end: 6, type: 8, pid: 9, lkFlags: 10 } as const;
export const LkOut = { bytes: 24, start: 0, end: 2, type: 4, pid: 5 } as const;

/** `lk_flags`: flock(2), of the whole file. */
export const FUSE_LK_FLOCK = 1 << 0;

/** struct fuse_interrupt_in, 8 bytes: u64 unique 0. */
export const InterruptIn = { bytes: 8, unique: 0 } as const;

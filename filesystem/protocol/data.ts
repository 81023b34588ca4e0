/**
 * struct fuse_read_in, 40 bytes; READ, READDIR and READDIRPLUS:
 *
 *     u64 fh           0    u64 lock_owner 24
 *     u64 offset       8    u32 flags      32
 *     u32 size        16    u32 padding    36
 *     u32 read_flags  20
 */
export const ReadIn = { bytes: 40, fh: 0, offset: 2, size: 4, readFlags: 5, lockOwner: 6, flags: 8 } as const;

/**
 * struct fuse_write_in, 40 bytes, then the data:
 *
 *     u64 fh           0    u64 lock_owner 24
 *     u64 offset       8    u32 flags      32
 *     u32 size        16    u32 padding    36
 *     u32 write_flags 20
 */
export const WriteIn = { bytes: 40, fh: 0, offset: 2, size: 4, writeFlags: 5, lockOwner: 6, flags: 8 } as const;

/** `read_flags`: the lock owner is set. */
export const FUSE_READ_LOCKOWNER = 1 << 1;

/** `write_flags`. */
export const FUSE_WRITE_KILL_SUIDGID = 1 << 2;

/** struct fuse_write_out, 8 bytes: u32 size 0, u32 padding 4. */
export const WriteOut = { bytes: 8, size: 0 } as const;

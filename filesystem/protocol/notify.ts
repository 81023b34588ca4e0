/**
 * A notification, which a daemon sends unasked: an out header with 0 for `unique` and the kind, above 0, for `error`.
 * FUSE_NOTIFY_STORE puts data into a file's page cache (linux/fuse.h; `fuse_notify_store` in fs/fuse/dev.c).
 */
export const FUSE_NOTIFY_STORE = 4;

/**
 * struct fuse_notify_store_out, 24 bytes, then the data:
 *
 *     u64 nodeid 0    u64 offset 8    u32 size 16    u32 padding 20
 */
export const NotifyStoreOut = { bytes: 24, nodeid: 0, offset: 2, size: 4 } as const;

/** Drops a node's attributes and its pages: `len` bytes from `off` on, or all to the end (0); no page with an `off` below 0. */
export const FUSE_NOTIFY_INVAL_INODE = 2;
/** Drops a name in a directory, also one that is known to be missing. */
export const FUSE_NOTIFY_INVAL_ENTRY = 3;
/** ABI 7.44: drops all names. No body. */
export const FUSE_NOTIFY_INC_EPOCH = 8;

/** The first ABI minor with FUSE_NOTIFY_INC_EPOCH. */
export const INC_EPOCH_MINOR = 44;

/** struct fuse_notify_inval_inode_out, 24 bytes: u64 ino (the node id) 0, s64 off 8, s64 len 16. */
export const NotifyInvalInodeOut = { bytes: 24, ino: 0, off: 2, len: 4 } as const;

/** struct fuse_notify_inval_entry_out, 16 bytes: u64 parent 0, u32 namelen 8, u32 flags 12; then the name and a NUL. */
export const NotifyInvalEntryOut = { bytes: 16, parent: 0, namelen: 2, flags: 3 } as const;

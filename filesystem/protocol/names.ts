/** struct fuse_mknod_in, 16 bytes: u32 mode 0, u32 rdev 4, u32 umask 8, u32 padding 12; then the name. */
export const MknodIn = { bytes: 16, mode: 0, rdev: 1, umask: 2 } as const;

/** struct fuse_mkdir_in, 8 bytes: u32 mode 0, u32 umask 4; then the name. */
export const MkdirIn = { bytes: 8, mode: 0, umask: 1 } as const;

/** struct fuse_rename_in, 8 bytes: u64 newdir 0; then the old name and the new one. */
export const RenameIn = { bytes: 8, newdir: 0 } as const;

/** struct fuse_rename2_in, 16 bytes: u64 newdir 0, u32 flags 8, u32 padding 12; then the old name and the new one. */
export const Rename2In = { bytes: 16, newdir: 0, flags: 2 } as const;

/** struct fuse_link_in, 8 bytes: u64 oldnodeid 0; then the new name. */
export const LinkIn = { bytes: 8, oldnodeid: 0 } as const;

/** struct fuse_forget_in, 8 bytes: u64 nlookup 0. */
export const ForgetIn = { bytes: 8, nlookup: 0 } as const;

/** struct fuse_batch_forget_in, 8 bytes: u32 count 0, u32 dummy 4; then `count` of struct fuse_forget_one. */
export const BatchForgetIn = { bytes: 8, count: 0 } as const;

/** struct fuse_forget_one, 16 bytes: u64 nodeid 0, u64 nlookup 8. */
export const ForgetOne = { bytes: 16, nodeid: 0, nlookup: 2 } as const;

/** struct fuse_access_in, 8 bytes: u32 mask 0, u32 padding 4. */
export const AccessIn = { bytes: 8, mask: 0 } as const;

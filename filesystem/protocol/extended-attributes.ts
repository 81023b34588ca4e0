/**
 * struct fuse_setxattr_in, 16 bytes: u32 size 0, u32 flags 4, u32 setxattr_flags 8, u32 padding 12; then name and value.
 * 8 bytes where SETXATTR_EXT was not agreed on.
 */
export const SetxattrIn = { bytes: 16, bytesWithoutExt: 8, size: 0, flags: 1, setxattrFlags: 2 } as const;

/** `setxattr_flags`: setting this ACL takes the set-group-id bit away from this caller's file. */
export const FUSE_SETXATTR_ACL_KILL_SGID = 1 << 0;

/** struct fuse_getxattr_in, 8 bytes: u32 size 0, u32 padding 4; then the name. LISTXATTR has no name. */
export const GetxattrIn = { bytes: 8, size: 0 } as const;

/** struct fuse_getxattr_out, 8 bytes, the answer to a size of 0: u32 size 0, u32 padding 4. */
export const GetxattrOut = { bytes: 8, size: 0 } as const;

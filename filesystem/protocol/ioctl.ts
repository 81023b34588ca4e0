/** struct fuse_ioctl_in, 32 bytes: u64 fh 0, u32 flags 8, u32 cmd 12, u64 arg 16, u32 in_size 24, u32 out_size 28; then the data. */
export const IoctlIn = { bytes: 32, fh: 0, flags: 2, cmd: 3, arg: 4, inSize: 6, outSize: 7 } as const;

/** struct fuse_ioctl_out, 16 bytes: s32 result 0, u32 flags 4, u32 in_iovs 8, u32 out_iovs 12; then the data. */
export const IoctlOut = { bytes: 16, result: 0, flags: 1 } as const;

/** `fuse_ioctl_in.flags`: on a directory. */
export const FUSE_IOCTL_DIR = 1 << 4;

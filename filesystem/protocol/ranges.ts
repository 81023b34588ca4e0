/** struct fuse_fallocate_in, 32 bytes: u64 fh 0, u64 offset 8, u64 length 16, u32 mode 24, u32 padding 28. */
export const FallocateIn = { bytes: 32, fh: 0, offset: 2, length: 4, mode: 6 } as const;

/** struct fuse_lseek_in, 24 bytes: u64 fh 0, u64 offset 8, u32 whence 16, u32 padding 20. */
export const LseekIn = { bytes: 24, fh: 0, offset: 2, whence: 4 } as const;

/** struct fuse_lseek_out, 8 bytes: u64 offset 0. */
export const LseekOut = { bytes: 8, offset: 0 } as const;

/**
 * struct fuse_copy_file_range_in, 56 bytes: u64 fh_in 0, u64 off_in 8, u64 nodeid_out 16, u64 fh_out 24, u64 off_out 32,
 * u64 len 40, u64 flags 48.
 */
export const CopyFileRangeIn = { bytes: 56, fhIn: 0, offIn: 2, nodeidOut: 4, fhOut: 6, offOut: 8, len: 10, flags: 12 } as const;

/** struct fuse_copy_file_range_out, 8 bytes, the answer to COPY_FILE_RANGE_64: u64 bytes_copied 0. */
export const CopyFileRangeOut = { bytes: 8, bytesCopied: 0 } as const;

/** FUSE over io_uring (Linux 6.14): include/uapi/linux/fuse.h, Documentation/filesystems/fuse-io-uring.rst. */

/** `cmd_op` of a submission: gives an entry to its queue; answers its request and asks for the next one. */
export const FUSE_IO_URING_CMD_REGISTER = 1;
export const FUSE_IO_URING_CMD_COMMIT_AND_FETCH = 2;

/**
 * struct fuse_uring_req_header, 288 bytes, by 32-bit word. The answer goes where the request was:
 *
 *     char in_out[128]     0   struct fuse_in_header, then struct fuse_out_header
 *     char op_in[128]    128   the operation's own struct
 *     struct fuse_uring_ent_in_out {
 *       u64 flags        256
 *       u64 commit_id    264   names the request when it is answered
 *       u32 payload_sz   272   how much of the payload buffer is used
 *       u32 padding      276
 *       u64 reserved     280
 *     }
 *
 * The payload (names, data, the body of an answer) is in a buffer of its own.
 */
export const UringHeader = { bytes: 288, inOut: 0, opIn: 32, commitId: 66, payloadSize: 68 } as const;

/** struct fuse_uring_cmd_req, in the submission's command area, by word: u64 flags 0, u64 commit_id 8, u16 qid 16. */
export const UringCommand = { commitId: 2, queueId: 4 } as const;

/** The least payload buffer that the kernel takes (FUSE_MIN_READ_BUFFER); it must also hold `max_write` and `max_pages`. */
export const MIN_PAYLOAD_BYTES = 8192;

/** The interface of io_uring (include/uapi/linux/io_uring.h): its numbers, and the place of each field. */

export const IORING_SETUP_CQSIZE = 1 << 3;
/** Goes on with the other submissions when one of them is malformed. */
export const IORING_SETUP_SUBMIT_ALL = 1 << 7;
export const IORING_SETUP_SQE128 = 1 << 10;
export const IORING_SETUP_SINGLE_ISSUER = 1 << 12;
export const IORING_SETUP_DEFER_TASKRUN = 1 << 13;
export const IORING_SETUP_NO_SQARRAY = 1 << 16;

export const IORING_ENTER_GETEVENTS = 1 << 0;
export const IORING_ENTER_REGISTERED_RING = 1 << 4;
/** A waiting thread does not count as waiting for a disk. Otherwise an idle core with a ring's thread shows 100 % iowait. */
export const IORING_ENTER_NO_IOWAIT = 1 << 7;
/** Linux 6.15. */
export const IORING_FEAT_NO_IOWAIT = 1 << 17;

export const IORING_REGISTER_FILES = 2;
export const IORING_REGISTER_RING_FDS = 20;

export const IORING_OFF_SQ_RING = 0;
export const IORING_OFF_SQES = 0x10000000;

export const IORING_OP_NOP = 0;
export const IORING_OP_WRITEV = 2;
export const IORING_OP_READ = 22;
export const IORING_OP_WRITE = 23;
export const IORING_OP_URING_CMD = 46;

/** `fd` is an index into the registered files. */
export const IOSQE_FIXED_FILE = 1 << 0;
/** The next submission starts when this one has done all that it asked for, and is cancelled when it has not. */
export const IOSQE_IO_LINK = 1 << 2;
/** No completion on success. On failure there is one, and then none for the cancelled rest of the link. */
export const IOSQE_CQE_SKIP_SUCCESS = 1 << 6;

/**
 * Byte offsets in
 *
 *     struct io_uring_params {
 *       u32 sq_entries, cq_entries, flags, sq_thread_cpu;   //  0
 *       u32 sq_thread_idle, features, wq_fd, resv[3];       // 16
 *       struct io_sqring_offsets {                          // 40
 *         u32 head, tail, ring_mask, ring_entries;          // 40
 *         u32 flags, dropped, array, resv1;                 // 56
 *         u64 user_addr;                                    // 72
 *       } sq_off;
 *       struct io_cqring_offsets {                          // 80
 *         u32 head, tail, ring_mask, ring_entries;          // 80
 *         u32 overflow, cqes, flags, resv1;                 // 96
 *         u64 user_addr;                                    // 112
 *       } cq_off;
 *     };                                                    // 120 bytes
 */
export const PARAMS = {
  size: 120,
  sqEntries: 0,
  cqEntries: 4,
  flags: 8,
  features: 20,
  sqTail: 44,
  cqHead: 80,
  cqTail: 84,
  cqCqes: 100,
} as const;

/**
 * 32-bit words of a submission (the 128-byte form):
 *
 *     struct io_uring_sqe {
 *       u8  opcode, flags; u16 ioprio;     //  0
 *       s32 fd;                            //  4
 *       u64 off; / u32 cmd_op              //  8
 *       u64 addr;                          // 16
 *       u32 len, rw_flags;                 // 24
 *       u64 user_data;                     // 32
 *       u16 buf_index, personality;        // 40
 *       s32 splice_fd_in;                  // 44
 *       u64 addr3, pad; / u8 cmd[80]       // 48
 *     };                                   // 128 bytes
 */
export const SQE = {
  words: 32,
  opcodeAndFlags: 0,
  fd: 1,
  offsetLow: 2,
  offsetHigh: 3,
  commandOp: 2,
  addressLow: 4,
  addressHigh: 5,
  length: 6,
  userData: 8,
  command: 12,
} as const;

/** 32-bit words of a completion: `struct io_uring_cqe { u64 user_data; s32 res; u32 flags; }`. */
export const CQE = { words: 4, userData: 0, result: 2 } as const;

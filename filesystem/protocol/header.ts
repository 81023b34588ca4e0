import { copyU64 } from "./words.js";

/**
 * struct fuse_in_header, 40 bytes, by 32-bit word:
 *
 *     u32 len        0    u32 uid           24
 *     u32 opcode     4    u32 gid           28
 *     u64 unique     8    u32 pid           32
 *     u64 nodeid    16    u16 total_extlen  36   in units of 8 bytes, at the end of the payload
 *                         u16 padding       38
 */
export const InHeader = {
  bytes: 40,
  len: 0,
  opcode: 1,
  unique: 2,
  nodeid: 4,
  uid: 6,
  gid: 7,
  pid: 8,
  /** The low half of the word. */
  totalExtlen: 9,
} as const;

/** struct fuse_out_header, 16 bytes: u32 len 0, s32 error 4 (0 or -errno), u64 unique 8. */
export const OutHeader = { bytes: 16, len: 0, error: 1, unique: 2 } as const;

/** Fills the header of an answer: `result` is the length of its body, or -errno. */
export function encodeOutHeader(out: Uint32Array, inHeader: Uint32Array, result: number): void {
  out[OutHeader.len] = OutHeader.bytes + Math.max(result, 0);
  out[OutHeader.error] = Math.min(result, 0);
  copyU64(out, OutHeader.unique, inHeader, InHeader.unique);
}

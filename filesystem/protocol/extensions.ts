/**
 * The extensions after a payload, `total_extlen` in all:
 *
 *     struct fuse_ext_header   u32 size 0 (this header included), u32 type 4
 *     struct fuse_supp_groups  u32 nr_groups 8, u32 groups[] 12, padded to 8 bytes
 *
 * Types up to 31 are security contexts and count them.
 */
const FUSE_EXT_GROUPS = 32;

/** The one supplementary group of the caller that owns the parent directory, if there is one; -1 if not. */
export function supplementaryGroup(bytes: Buffer, start: number, end: number): number {
  // Stryker disable next-line EqualityOperator: eight bytes at the end are a header alone, without a group
  for (let at = start; at + 8 <= end; ) {
    const size = bytes.readUInt32LE(at);
    if (size < 8 || at + size > end) return -1;
    if (bytes.readUInt32LE(at + 4) === FUSE_EXT_GROUPS && size >= 16 && bytes.readUInt32LE(at + 8) > 0) {
      return bytes.readUInt32LE(at + 12);
    }
    at += size;
  }
  return -1;
}

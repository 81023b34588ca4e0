import { EntryOut } from "./attributes.js";

/**
 * struct fuse_dirent: u64 ino 0, u64 off 8, u32 namelen 16, u32 type 20, char name[] 24, padded to 8 bytes.
 * struct fuse_direntplus: struct fuse_entry_out 0, struct fuse_dirent 128.
 */
export const Dirent = { ino: 0, off: 2, namelen: 4, type: 5, nameByte: 24 } as const;

/** The bytes of an entry in the answer to READDIR. */
export function direntBytes(nameBytes: number): number {
  return (Dirent.nameByte + nameBytes + 7) & ~7;
}

/** The bytes of an entry in the answer to READDIRPLUS. */
export function direntplusBytes(nameBytes: number): number {
  return EntryOut.bytes + direntBytes(nameBytes);
}

import type { Mode } from "../tables/access.js";

/** A file that the kernel reads and writes by itself just now. lsof can't see it: the daemon's descriptor is closed or another. */
export interface BackingFile {
  readonly path: string;
  readonly backingId: number;
  readonly opens: number;
}

/** The status of a mount. */
export interface MountStatus {
  readonly source: string;
  readonly mode: Mode;
  readonly transport: string;
  readonly workers: number;
  /** The FUSE ABI in use, for instance `7.45`. */
  readonly abi: string;
  readonly negotiated: readonly string[];
  readonly maxWriteBytes: number;
  /** The number of inodes that the kernel knows, and of those that hold a descriptor; the rest have file handles. */
  readonly inodes: number;
  readonly inodeDescriptors: number;
  readonly openFiles: number;
  readonly requests: Readonly<Record<string, number>>;
  /** Opens that were to be passthrough and went to the daemon, and the last one's reason, for instance `ELOOP`. */
  readonly fallbacks: { readonly count: number; readonly lastReason: string | null };
  readonly backingFiles: readonly BackingFile[];
  /** Backing files beyond those listed. */
  readonly moreBackingFiles: number;
}

/**
 * The extended attribute of a mount's root that tells its status as JSON, to root and to the daemon's user. It is not listed.
 * It needs no socket that a killed daemon would leave behind, and finds the mount from wherever its root can be seen.
 */
export const STATUS_ATTRIBUTE = "user.fusemeter.status";

/** XATTR_SIZE_MAX of the kernel. */
export const STATUS_BYTES = 65536;

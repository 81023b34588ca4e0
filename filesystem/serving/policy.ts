import type { Errno } from "../../linux/libc/errno.js";

/** The source's file that is opened. */
export interface SourceFile {
  readonly sizeBytes: number;
  /** Differs whenever the file or its content may differ: a key for facts that were found in the file. */
  readonly version: string;
  /** Reads from `offset` until the buffer is full or the file ends: the number of bytes. @throws if the source can't be read */
  read(into: Buffer, offset: number): number;
}

/** The process that opens, as the kernel tells. */
export interface OpeningCaller {
  readonly uid: number;
  readonly gid: number;
  /** 0 for a process that this one can't see (another pid namespace). */
  readonly pid: number;
}

/** One open that waits for a decision. */
export interface Opening {
  /**
   * The file's path below the source's root, as of now; for O_TMPFILE that of its directory. Null if it has no name any more, or none
   * is known. A file with several hard links goes by one of them: a decision about a file's content should look into it.
   */
  readonly path: string | null;
  /** The same path as bytes: it need not be UTF-8. */
  readonly pathBytes: Buffer | null;
  /** The flags of open(2). */
  readonly flags: number;
  readonly caller: OpeningCaller;
  /** Null if this open makes the file. */
  readonly file: SourceFile | null;
}

/**
 * The treatment of an open file until it is closed:
 *
 *     passthrough  the kernel reads and writes the file itself, if the mount can do that
 *     daemon       the daemon reads and writes it
 *     transform    the daemon reads it, and one of the module's transforms changes the data; writes go through unchanged
 *     deny         it fails with this error
 */
export type Decision = "passthrough" | "daemon" | { readonly transform: string } | { readonly deny: keyof typeof Errno };

/** Changes data that was read at an offset, in place. The result must not depend on the bounds of a read: any part may be asked for at any time. */
export type Transform = (bytes: Buffer, offset: number, file: SourceFile) => void;

/**
 * The exports of a policy module. Each worker thread has a module of its own and waits for its answer: it must answer at once,
 * and must not touch the mount.
 */
export interface Policy {
  decideOpen(opening: Opening): Decision;
  readonly transforms?: Readonly<Record<string, Transform>>;
}

/** A module that was checked: plain data, so that every worker can load it. */
export interface PolicySource {
  readonly url: string;
  /** The names of its transforms. */
  readonly transforms: readonly string[];
}

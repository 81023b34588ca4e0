import type { Errno } from "../../linux/libc/errno.js";

/** The file that an open is about, as the source has it. */
export interface SourceFile {
  readonly sizeBytes: number;
  /** Differs whenever the file or its content may differ: a key to remember what was found in it. */
  readonly version: string;
  /** Reads from `offset` until the buffer is full or the file ends: how many bytes. @throws where the source can't be read */
  read(into: Buffer, offset: number): number;
}

/** Who opens, as the kernel tells. */
export interface OpeningCaller {
  readonly uid: number;
  readonly gid: number;
  /** 0 for a process that this one can't see (another pid namespace). */
  readonly pid: number;
}

/** One open that waits for a decision. */
export interface Opening {
  /**
   * Where the file is, below the source's root, as it is called now; for O_TMPFILE its directory. Null where it has no name any more, or none
   * is known. A file with several hard links goes by one of them: a decision about what is in a file should look into it.
   */
  readonly path: string | null;
  /** The same before it was taken for UTF-8. */
  readonly pathBytes: Buffer | null;
  /** Of open(2). */
  readonly flags: number;
  readonly caller: OpeningCaller;
  /** Null where this open makes the file. */
  readonly file: SourceFile | null;
}

/**
 * What an open gets, until it is closed:
 *
 *     passthrough  the kernel reads and writes the file itself, where the mount can do that
 *     daemon       the daemon reads and writes it
 *     transform    the daemon reads it, and one of the module's transforms changes what it read; writes go through unchanged
 *     deny         it fails with this error
 */
export type Decision = "passthrough" | "daemon" | { readonly transform: string } | { readonly deny: keyof typeof Errno };

/** Changes what was read at an offset, in place. It must not depend on how reads are cut: any part may be asked for at any time. */
export type Transform = (bytes: Buffer, offset: number, file: SourceFile) => void;

/**
 * What a policy module exports. Each worker thread has a module of its own and is held up while it is asked: it must answer at once,
 * and must not touch the mount.
 */
export interface Policy {
  decideOpen(opening: Opening): Decision;
  readonly transforms?: Readonly<Record<string, Transform>>;
}

/** A module that was found good: plain data, so that every worker can load it. */
export interface PolicySource {
  readonly url: string;
  /** The names of its transforms. */
  readonly transforms: readonly string[];
}

import type { MissingRead } from "../../filesystem/index.js";
import { Errno } from "../../linux/libc/errno.js";
import { readText } from "../../linux/proc/text-file.js";
import type { Chunk } from "../manifest/index.js";

/** A read that waited, and is over. */
export interface PastRead {
  /** Milliseconds since the mount. */
  readonly atMs: number;
  readonly path: string;
  readonly offset: number;
  readonly sizeBytes: number;
  readonly pid: number;
  /** The name of the reader's process (proc_pid_comm(5)); null if it could not be read. */
  readonly command: string | null;
  readonly waitedMs: number;
  /** `arrived`, `timeout`, `failed` or `interrupted`. */
  readonly end: WaitEnd;
}

export type WaitEnd = "arrived" | "timeout" | "failed" | "interrupted";

/** A read that waits. */
export type PresentRead = Omit<PastRead, "end">;

/** A read that waits for chunks. */
export class Wait {
  /** 0 or an errno, for the reader. */
  readonly result: Promise<number>;
  readonly read: MissingRead;
  readonly path: string;
  readonly startMs: number;
  readonly command: string | null;
  readonly chunks: readonly Chunk[];
  #left: number;
  #resolve: (errno: number) => void = () => {};
  #end: WaitEnd | null = null;
  #endMs = 0;

  constructor(read: MissingRead, path: string, startMs: number, chunks: readonly Chunk[]) {
    this.read = read;
    this.path = path;
    this.startMs = startMs;
    this.command = read.pid === 0 ? null : readText(`/proc/${read.pid}/comm`);
    this.chunks = chunks;
    this.#left = chunks.length;
    this.result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Counts a chunk that has arrived: true if it was the last. */
  isLastChunk(): boolean {
    this.#left--;
    return this.#left === 0;
  }

  /** Ends the wait, once. */
  end(how: WaitEnd, nowMs: number): void {
    if (this.#end !== null) return;
    this.#end = how;
    this.#endMs = nowMs;
    this.#resolve(how === "arrived" ? 0 : how === "interrupted" ? Errno.EINTR : Errno.EIO);
  }

  present(nowMs: number): PresentRead {
    const { offset, sizeBytes, pid } = this.read;
    const { path, startMs: atMs, command } = this;
    return { atMs, path, offset, sizeBytes, pid, command, waitedMs: (this.#end === null ? nowMs : this.#endMs) - atMs };
  }

  past(): PastRead {
    return { ...this.present(this.#endMs), end: this.#end ?? "failed" };
  }
}

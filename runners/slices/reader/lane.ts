import { Errno } from "../../../linux/libc/errno.js";
import { close, openPath } from "../../../linux/libc/files.js";
import { Open } from "../../../linux/libc/flags.js";
import type { Memory } from "../../../linux/libc/memory.js";
import { adviseRandom } from "../../../linux/libc/page-cache.js";
import { Latencies } from "./latencies.js";
import { atRandom, inSequence, type Offsets } from "./offsets.js";
import { type OpenOperation, operationOn } from "./operation.js";
import type { JobContender, SliceJob } from "./protocol.js";

/** A random reader reads one block in this many in a pass: see `atRandom`. */
const STRIDE = 16;

/** A hot file is read in this much of it: its pages are in the cache of every mount. */
export const HOT_BYTES = 64 * 2 ** 20;

/** One reader's way through the file of one contender. */
export class Lane {
  readonly latencies = new Latencies();
  readonly #fd: number;
  readonly #operation: OpenOperation;
  readonly #memory: Memory;
  readonly #bytes: number;
  readonly #offsets: Offsets;
  readonly #quarters = new Float64Array(2);

  private constructor(fd: number, operation: OpenOperation, memory: Memory, offsets: Offsets) {
    this.#fd = fd;
    this.#operation = operation;
    this.#memory = memory;
    this.#bytes = memory.bytes.length;
    this.#offsets = offsets;
  }

  /**
   * Opens the file of a contender for one of the readers.
   *
   * @param memory the buffer of one operation; lanes of one thread may share it
   * @returns the lane, or `-errno`
   */
  static open(job: SliceJob, contender: JobContender, reader: number, memory: Memory): Lane | number {
    const fd = openPath(contender.path, job.operation === "write" ? Open.RDWR : Open.RDONLY);
    if (fd < 0) return fd;
    if (contender.advice === "random") adviseRandom(fd);
    const operation = operationOn(fd, job, contender);
    if (typeof operation === "number") {
      close(fd);
      return operation;
    }
    return new Lane(fd, operation, memory, offsetsOf(job, contender, reader));
  }

  /** The most operations of one slice. */
  get most(): number {
    return this.#offsets.most;
  }

  /** Makes ready for a slice of so many operations. @returns true where blocks come again that were visited before */
  begin(operations: number): boolean {
    return this.#offsets.begin(operations);
  }

  /** Does some operations. @returns 0, or `-errno` */
  lead(operations: number): number {
    const { run } = this.#operation;
    for (let done = 0; done < operations; done++) {
      const moved = run(this.#fd, this.#memory.address, this.#bytes, this.#offsets.next());
      if (moved !== this.#bytes) return failureOf(moved);
    }
    return 0;
  }

  /**
   * Does some operations and takes the time of each.
   *
   * @returns the ns of all together, or `-errno`
   */
  burst(operations: number): number {
    const { run } = this.#operation;
    const [fd, address, bytes, offsets, latencies] = [this.#fd, this.#memory.address, this.#bytes, this.#offsets, this.latencies];
    const quarter = operations >> 2;
    let ended = performance.now();
    const started = ended;
    for (let done = 1; done <= operations; done++) {
      const moved = run(fd, address, bytes, offsets.next());
      if (moved !== bytes) return failureOf(moved);
      const now = performance.now();
      latencies.add((now - ended) * 1e6);
      ended = now;
      if (done === quarter) this.#quarters[0]! += (now - started) * 1e6;
      if (done === operations - quarter) this.#quarters[1]! -= (now - started) * 1e6;
    }
    const ns = (ended - started) * 1e6;
    this.#quarters[1]! += ns;
    return ns;
  }

  /** Time in the first and in the last quarter of all bursts so far, in ns. */
  get quartersNs(): readonly [number, number] {
    return [this.#quarters[0]!, this.#quarters[1]!];
  }

  clear(): void {
    this.latencies.clear();
    this.#quarters.fill(0);
  }

  /** Takes mapped pages out of the page table. */
  forget(): void {
    this.#operation.forget();
  }

  close(): void {
    this.#operation.release();
    close(this.#fd);
  }
}

/** An operation that moved fewer bytes: the file is shorter than it was. */
function failureOf(moved: number): number {
  return moved < 0 ? moved : -Errno.EIO;
}

function offsetsOf(job: SliceJob, contender: JobContender, reader: number): Offsets {
  const { pattern, ioSizeBytes, fileSizeBytes, readers, cache, contenders } = job;
  const seed = job.seed + contenders.indexOf(contender) * readers + reader;
  const bytes = cache === "hot" ? Math.min(HOT_BYTES, fileSizeBytes) : fileSizeBytes;
  const blocks = Math.floor(bytes / ioSizeBytes);
  if (pattern === "random") {
    const stride = cache === "hot" ? 1 : Math.max(1, Math.min(STRIDE, Math.floor(blocks / STRIDE / readers)));
    return atRandom({ blocks, stride, readers, reader, ioSizeBytes, seed });
  }
  // Sequential readers of one file share it out.
  const own = Math.floor(blocks / readers);
  return inSequence({ firstByte: reader * own * ioSizeBytes, blocks: own, ioSizeBytes, seed });
}

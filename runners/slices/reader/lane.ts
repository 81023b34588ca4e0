import { close, openPath } from "../../../linux/libc/files.js";
import { Open } from "../../../linux/libc/flags.js";
import type { Memory } from "../../../linux/libc/memory.js";
import { adviseRandom } from "../../../linux/libc/page-cache.js";
import { type BurstFigures, type BurstTarget, burst, errorOf } from "./burst.js";
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
  readonly #operation: OpenOperation;
  readonly #target: BurstTarget;
  readonly #offsets: Offsets;
  readonly #figures: BurstFigures = { latencies: new Latencies(), quartersNs: new Float64Array(2) };

  private constructor(fd: number, operation: OpenOperation, memory: Memory, offsets: Offsets) {
    this.#operation = operation;
    this.#target = { run: operation.run, fd, memory, bytes: memory.bytes.length };
    this.#offsets = offsets;
  }

  get latencies(): Latencies {
    return this.#figures.latencies;
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
    const { run, fd, memory, bytes } = this.#target;
    for (let done = 0; done < operations; done++) {
      const moved = run(fd, memory.address, bytes, this.#offsets.next());
      if (moved !== bytes) return errorOf(moved);
    }
    return 0;
  }

  /**
   * Does some operations and takes the time of each.
   *
   * @returns the ns of all together, or `-errno`
   */
  burst(operations: number): number {
    return burst(this.#target, this.#offsets, operations, this.#figures);
  }

  /** Time in the first and in the last quarter of all bursts so far, in ns. */
  get quartersNs(): readonly [number, number] {
    const [first = 0, last = 0] = this.#figures.quartersNs;
    return [first, last];
  }

  clear(): void {
    this.latencies.clear();
    this.#figures.quartersNs.fill(0);
  }

  /** Takes mapped pages out of the page table. */
  forget(): void {
    this.#operation.forget();
  }

  close(): void {
    this.#operation.release();
    close(this.#target.fd);
  }
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

import type { PastRead, Wait } from "./wait.js";

/** The number of reads that are remembered. */
const MOST = 4096;

/** The last reads that have waited, the oldest first. */
export class PastReads {
  readonly #reads: PastRead[] = [];
  #count = 0;

  add(wait: Wait): void {
    this.#reads.push(wait.past());
    this.#count++;
    if (this.#reads.length >= 2 * MOST) this.#reads.splice(0, MOST);
  }

  /** The number of reads that have waited, since the mount. */
  get count(): number {
    return this.#count;
  }

  get last(): readonly PastRead[] {
    return this.#reads.slice(-MOST);
  }
}

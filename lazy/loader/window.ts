/** An epoch is at least so long, and has at least two ends of fetches for each place. */
const EPOCH_MS = 100;
/** A larger window must bring this much more, or it only makes the next reader wait. */
const WORTHWHILE = 1.1;
/** The number of epochs after which a larger window is tried again: the link may have changed. */
const REST_EPOCHS = 30;

const LEAST = 4;

/**
 * The number of fetches under way that nobody waits for: as few as fill the link. Each more would share the link with the next reader's
 * own. It grows as long as that brings more bytes a second, and goes back where it did not.
 */
export class Window {
  readonly #now: () => number;
  #size = LEAST;
  /** The size before the last growth, and its rate in bytes per millisecond; null: the last epoch was no trial. */
  #before: { readonly size: number; readonly rate: number } | null = null;
  #restEpochs = 0;
  #epochStart: number;
  #ends = 0;
  #bytes = 0;

  /** @param now the time in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#epochStart = now();
  }

  get size(): number {
    return this.#size;
  }

  /** Begins an epoch anew: the link was somebody else's, or nobody's. */
  restart(): void {
    this.#epochStart = this.#now();
    this.#ends = 0;
    this.#bytes = 0;
  }

  /** Notes the end of a fetch. @param most the bound of the size */
  noteEnd(bytes: number, most: number): void {
    this.#ends++;
    this.#bytes += bytes;
    const elapsed = this.#now() - this.#epochStart;
    if (elapsed < EPOCH_MS || this.#ends < 2 * this.#size) return;
    this.#endEpoch(this.#bytes / elapsed, Math.max(LEAST, most));
    this.restart();
  }

  #endEpoch(rate: number, most: number): void {
    if (this.#before !== null && rate < this.#before.rate * WORTHWHILE) {
      this.#size = this.#before.size;
      this.#before = null;
      this.#restEpochs = REST_EPOCHS;
      return;
    }
    this.#before = null;
    if (this.#restEpochs > 0) this.#restEpochs--;
    else if (this.#size < most) {
      this.#before = { size: this.#size, rate };
      this.#size = Math.min(most, this.#size * 2);
    }
  }
}

/** A limit on bytes per second. What was not used is not saved up. */
export class Rate {
  readonly #bytesPerSecond: number;
  #freeAt = 0;

  constructor(bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** The time in milliseconds until more may be sent: 0 if it may be at once. */
  get waitMs(): number {
    return Math.max(0, this.#freeAt - performance.now());
  }

  /** Counts bytes that are sent now. */
  spend(bytes: number): void {
    this.#freeAt = Math.max(this.#freeAt, performance.now()) + (bytes / this.#bytesPerSecond) * 1000;
  }
}

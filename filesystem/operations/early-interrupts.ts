/** The time for which an interrupt without its request is remembered. */
const REMEMBER_MS = 1000;

/** Interrupts that have overtaken their requests, since two workers carry them. */
export class EarlyInterrupts {
  readonly #known = new Map<string, number>();

  note(unique: string): void {
    const now = Date.now();
    for (const [known, since] of this.#known) if (now - since > REMEMBER_MS) this.#known.delete(known);
    this.#known.set(unique, now);
  }

  /** True if a request was interrupted before it came: once. */
  take(unique: string): boolean {
    return this.#known.delete(unique);
  }
}

/** The name of a request: its 64-bit unique id. */
export function nameOfUnique(low: number, high: number): string {
  return `${low} ${high}`;
}

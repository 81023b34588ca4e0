import { setTimeout as sleep } from "node:timers/promises";
import { invalidValue } from "../../errors.js";

/** The bytes that one transfer sends before another has its turn. */
const QUANTUM_BYTES = 16 * 1024;
/** Timers are no finer. The next pause makes up for a quantum that is sent too early by less. */
const LEAST_PAUSE_MS = 2;

const unitBits: Readonly<Record<string, number>> = { kbit: 1e3, Mbit: 1e6, Gbit: 1e9 };

/**
 * An emulated link: a rate in one direction that all transfers share evenly, and a round trip before each. It has no loss, no slow
 * start and no limit for requests.
 */
export class Link {
  readonly bytesPerMs: number;
  readonly roundTripMs: number;
  /** The time by `performance.now()` at which all that was sent so far has passed. */
  #busyUntil = 0;

  constructor(bytesPerMs: number, roundTripMs: number) {
    this.bytesPerMs = bytesPerMs;
    this.roundTripMs = roundTripMs;
  }

  /** Waits as long as a request takes until the first byte of its answer could be sent. */
  async roundTrip(signal: AbortSignal): Promise<void> {
    await pause(this.roundTripMs, signal);
  }

  /** Waits as long as some bytes take. @throws the signal's reason after an abort */
  async carry(bytes: number, signal: AbortSignal): Promise<void> {
    for (let left = bytes; left > 0; left -= QUANTUM_BYTES) {
      const now = performance.now();
      this.#busyUntil = Math.max(this.#busyUntil, now) + Math.min(left, QUANTUM_BYTES) / this.bytesPerMs;
      await pause(this.#busyUntil - now, signal);
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (ms < LEAST_PAUSE_MS) return;
  await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}

/**
 * A link from a text as `20Mbit,50ms`: its rate in kbit, Mbit or Gbit a second, and its round trip in ms.
 *
 * @throws {FusemeterError} `BAD_OPTION`
 */
export function parseLink(text: string): Link {
  const [, rate, unit, roundTrip] = /^(\d+(?:\.\d+)?)(kbit|Mbit|Gbit),(\d+(?:\.\d+)?)ms$/.exec(text) ?? [];
  const bytesPerMs = (Number(rate) * (unitBits[unit ?? ""] ?? 0)) / 8 / 1000;
  if (bytesPerMs > 0 && Number(roundTrip) <= 60_000) return new Link(bytesPerMs, Number(roundTrip));
  throw invalidValue("--emulate", text, "a rate and a round trip up to 60000ms, for instance 20Mbit,50ms");
}

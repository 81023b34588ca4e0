import { FusemeterError } from "../../errors.js";
import type { Chunk } from "../../lazy/manifest/index.js";
import type { Origin } from "../../lazy/origins/index.js";
import { bytesOf } from "./content.js";

/** The fate of one fetch. */
type Fate = "given" | "unavailable" | "refused" | "corrupt";

const codes = { unavailable: "ORIGIN_UNAVAILABLE", refused: "ORIGIN_REFUSED", corrupt: "ORIGIN_CORRUPT" } as const;

/** An origin whose every fetch waits until the test decides on it. */
export class GatedOrigin implements Origin {
  readonly name = "gated";
  readonly isSequential: boolean;
  readonly concurrency: number;
  readonly counts = { requests: 0, bytes: 0, retries: 0, corrupt: 0 };
  /** The numbers of the chunks that are asked for now, in the order of their fetches. */
  readonly asked: number[] = [];
  /** The number of fetches of each chunk. */
  readonly fetches = new Map<number, number>();
  /** The largest number of fetches at a time. */
  most = 0;
  isClosed = false;
  /** Decides on every fetch at once; null: `decide` does. */
  always: ((chunk: Chunk) => Fate) | null = null;
  readonly #source: string;
  readonly #pending = new Map<number, (fate: Fate) => void>();

  constructor(source: string, { concurrency = 4, isSequential = false } = {}) {
    this.#source = source;
    this.concurrency = concurrency;
    this.isSequential = isSequential;
  }

  async fetch(chunk: Chunk, signal: AbortSignal): Promise<Uint8Array> {
    const { number } = chunk;
    this.fetches.set(number, (this.fetches.get(number) ?? 0) + 1);
    this.counts.requests++;
    const fate = this.always?.(chunk) ?? (await this.#wait(number, signal));
    if (fate !== "given") throw new FusemeterError({ code: codes[fate], fault: "host", problem: `chunk ${number} is ${fate}` });
    return bytesOf(this.#source, chunk);
  }

  /** Lets the fetch of a chunk end. */
  async decide(number: number, fate: Fate = "given"): Promise<void> {
    const settle = this.#pending.get(number);
    if (settle === undefined) throw new Error(`chunk ${number} is not asked for`);
    settle(fate);
    await settled();
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }

  #wait(number: number, signal: AbortSignal): Promise<Fate> {
    return new Promise((resolve, reject) => {
      const end = () => {
        this.#pending.delete(number);
        this.asked.splice(this.asked.indexOf(number), 1);
      };
      this.#pending.set(number, (fate) => {
        end();
        resolve(fate);
      });
      this.asked.push(number);
      this.most = Math.max(this.most, this.asked.length);
      signal.addEventListener("abort", () => {
        end();
        reject(signal.reason as Error);
      });
    });
  }
}

/** Lets everything that is under way in this process come to rest: files are written by then. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
}

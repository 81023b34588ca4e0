import type { MissingRead } from "../../filesystem/index.js";
import type { Chunk, Manifest } from "../manifest/index.js";
import type { Origin } from "../origins/index.js";
import type { Store } from "../store/index.js";
import { Failures } from "./failures.js";
import { Order, type Reason } from "./order.js";
import { PastReads } from "./past-reads.js";
import { Rate } from "./rate.js";
import { type PresentRead, Wait, type WaitEnd } from "./wait.js";
import { Window } from "./window.js";

/** The time after a read that waited, before the rest begins: the next read of a program that starts would share the link with it. */
const QUIET_MS = 150;

/** The options of a loader. */
export interface LoaderOptions {
  /** The time after which a read that waits fails with EIO; null: never. */
  readonly readTimeoutMs: number | null;
  /** The limit of the rest in bytes per second; null: what the link has to spare. 0: only what is waited for, until `finish`. */
  readonly backgroundRate: number | null;
  /** The numbers of chunks to be fetched before the rest, in that order. */
  readonly prefetch: readonly number[];
  /** Told of each read that waits, with the chunks that it waits for. */
  readonly onWait?: (read: MissingRead, chunks: readonly Chunk[]) => void;
}

/** The state of a loader. */
export interface LoaderStatus {
  readonly totalBytes: number;
  readonly arrivedBytes: number;
  readonly totalChunks: number;
  readonly arrivedChunks: number;
  /** True if the tree on the disk is the whole tree. */
  readonly isSealed: boolean;
  /** Chunks under way. */
  readonly fetching: number;
  /** Chunks that arrived, by the reason for which they were fetched. */
  readonly arrivedFor: Readonly<Record<Reason, number>>;
  /** The failures of fetches, and the last one's message. */
  readonly failures: { readonly count: number; readonly last: string | null };
  /** The reads that wait now. */
  readonly waits: readonly PresentRead[];
}

/**
 * Brings the chunks of a tree from an origin into a store. At most `origin.concurrency` fetches are under way, each of a chunk or a pack:
 * that bounds the memory.
 */
export class Loader {
  readonly #store: Store;
  readonly #origin: Origin;
  readonly #options: LoaderOptions;
  readonly #order: Order;
  readonly #failures = new Failures();
  readonly #rate: Rate | null;
  readonly #waits = new Map<number, Set<Wait>>();
  readonly #present = new Set<Wait>();
  /** Chunks that rest after a failure, with the end of their rest. */
  readonly #resting = new Map<number, { readonly timer: NodeJS.Timeout; readonly isRefused: boolean }>();
  readonly #abort = new AbortController();
  readonly #underWay: Record<Reason, number> = { waited: 0, prefetch: 0, rest: 0 };
  readonly #arrivedFor: Record<Reason, number> = { waited: 0, prefetch: 0, rest: 0 };
  readonly #startMs = performance.now();
  readonly past = new PastReads();
  readonly #failed: { count: number; last: string | null } = { count: 0, last: null };
  readonly #window = new Window();
  #restTimer: NodeJS.Timeout | null = null;
  #quietUntil = 0;
  #fetchesRest: boolean;
  /** Settles when the tree on the disk is the whole tree. Rejects if the store fails. */
  readonly complete: Promise<void>;
  #resolveComplete: () => void = () => {};
  #rejectComplete: (error: unknown) => void = () => {};
  #isSealing = false;

  constructor(store: Store, origin: Origin, manifest: Manifest, options: LoaderOptions) {
    this.#store = store;
    this.#origin = origin;
    this.#options = options;
    this.#order = new Order(
      manifest,
      options.prefetch,
      (chunk) => store.has(chunk),
      (chunk) => this.#waits.has(chunk),
    );
    this.#fetchesRest = options.backgroundRate !== 0;
    this.#rate = options.backgroundRate === null || options.backgroundRate === 0 ? null : new Rate(options.backgroundRate);
    this.complete = new Promise((resolve, reject) => {
      this.#resolveComplete = resolve;
      this.#rejectComplete = reject;
    });
    // Callers that never await `complete` must not crash on an unhandled rejection.
    this.complete.catch(() => {});
  }

  /** Begins to fetch what nobody waits for. */
  start(): void {
    this.#sealIfComplete();
    this.#pump();
  }

  /** Fetches the rest, too, where the rate is 0: somebody needs the whole tree. */
  finish(): void {
    this.#fetchesRest = true;
    this.#pump();
  }

  /** Waits for a range: 0 once it has arrived, or the errno of the read. A read of what is under way joins it. */
  waitFor(read: MissingRead, signal: AbortSignal): Promise<number> {
    const chunks = this.#store.missing(read.ino, read.offset, read.sizeBytes);
    if (chunks.length === 0) return Promise.resolve(0);
    this.#options.onWait?.(read, chunks);
    const wait = new Wait(read, this.#store.pathOf(read.ino) ?? "", this.#nowMs, chunks);
    this.#present.add(wait);
    this.#window.restart();
    for (const { number } of chunks) {
      const waits = this.#waits.get(number) ?? new Set();
      waits.add(wait);
      this.#waits.set(number, waits);
    }
    const { readTimeoutMs } = this.#options;
    const giveUp = (how: WaitEnd) => {
      this.#end(wait, how);
      this.#pump();
    };
    const timer = readTimeoutMs === null ? null : setTimeout(giveUp, readTimeoutMs, "timeout");
    const interrupt = () => giveUp("interrupted");
    signal.addEventListener("abort", interrupt, { once: true });
    for (const { number } of chunks) this.#want(number);
    this.#pump();
    return wait.result.finally(() => {
      if (timer !== null) clearTimeout(timer);
      signal.removeEventListener("abort", interrupt);
    });
  }

  get status(): LoaderStatus {
    const { totalBytes, arrivedBytes, arrivedChunks, isSealed, chunkCount } = this.#store;
    return {
      totalBytes,
      arrivedBytes,
      totalChunks: chunkCount,
      arrivedChunks,
      isSealed,
      fetching: this.#active,
      arrivedFor: { ...this.#arrivedFor },
      failures: { ...this.#failed },
      waits: [...this.#present].map((wait) => wait.present(this.#nowMs)),
    };
  }

  /** Ends all fetches. Reads that wait fail. */
  stop(): void {
    this.#abort.abort(new Error("the loader has ended"));
    if (this.#restTimer !== null) clearTimeout(this.#restTimer);
    for (const { timer } of this.#resting.values()) clearTimeout(timer);
    for (const wait of [...this.#present]) this.#end(wait, "failed");
  }

  get #nowMs(): number {
    return performance.now() - this.#startMs;
  }

  get #active(): number {
    return this.#underWay.waited + this.#underWay.prefetch + this.#underWay.rest;
  }

  #want(chunk: number): void {
    // A chunk that rests after readers were refused is tried at once for a new one.
    const resting = this.#resting.get(chunk);
    if (resting?.isRefused === true) {
      clearTimeout(resting.timer);
      this.#resting.delete(chunk);
      this.#order.release(chunk, true);
    } else if (!this.#order.isBusy(chunk)) this.#order.want(chunk);
  }

  /** Ends a wait. Its chunks are fetched all the same, later perhaps. */
  #end(wait: Wait, how: WaitEnd): void {
    for (const { number } of wait.chunks) {
      const waits = this.#waits.get(number);
      waits?.delete(wait);
      if (waits?.size === 0) this.#waits.delete(number);
    }
    wait.end(how, this.#nowMs);
    this.#quietUntil = performance.now() + QUIET_MS;
    this.#present.delete(wait);
    this.past.add(wait);
  }

  /** True if somebody waits for a chunk that can be had now. */
  #isWaited(): boolean {
    for (const chunk of this.#waits.keys()) if (!this.#resting.has(chunk)) return true;
    return false;
  }

  /** Starts as many fetches as may be under way now. */
  #pump(): void {
    if (this.#abort.signal.aborted) return;
    for (let next = this.#next(); next !== null; next = this.#next()) void this.#fetch(next.unit, next.reason);
  }

  #next(): { readonly unit: readonly Chunk[]; readonly reason: Reason } | null {
    const most = Math.max(1, this.#origin.concurrency);
    if (this.#active >= most) return null;
    const isWaited = this.#isWaited();
    const found = (reason: Reason, unit: readonly Chunk[] | null) => (unit === null ? null : { unit, reason });
    if (this.#origin.isSequential) {
      // All that comes before a chunk in the stream must arrive before it. After a failure the stream goes on there.
      const goesOn = [...this.#resting.values()].every(({ isRefused }) => isRefused);
      return goesOn && (isWaited || this.#mayFetchRest()) ? found(isWaited ? "waited" : "rest", this.#order.take("rest")) : null;
    }
    // A place is kept free for the next reader.
    const places = Math.min(this.#window.size, Math.max(1, most - 1));
    const unasked = this.#underWay.prefetch + this.#underWay.rest;
    return (
      found("waited", this.#order.take("waited")) ??
      (unasked < places ? found("prefetch", this.#order.take("prefetch")) : null) ??
      (!isWaited && unasked < places && this.#mayFetchRest() ? found("rest", this.#order.take("rest")) : null)
    );
  }

  /** True if the rest may be fetched now. If it is a matter of time, it is tried again then. */
  #mayFetchRest(): boolean {
    if (!this.#fetchesRest) return false;
    // A stream can't be shared: whatever it brings now is not to be waited for later.
    const quietMs = this.#origin.isSequential ? 0 : this.#quietUntil - performance.now();
    const waitMs = Math.max(this.#rate?.waitMs ?? 0, quietMs);
    if (waitMs <= 0) return true;
    this.#restTimer ??= setTimeout(() => {
      this.#restTimer = null;
      this.#window.restart();
      this.#pump();
    }, waitMs);
    return false;
  }

  async #fetch(unit: readonly Chunk[], reason: Reason): Promise<void> {
    this.#underWay[reason]++;
    const bytes = unit.reduce((sum, { size }) => sum + size, 0);
    if (reason === "rest") this.#rate?.spend(bytes);
    await Promise.all(unit.map((chunk) => this.#fetchChunk(chunk, reason)));
    this.#underWay[reason]--;
    if (reason !== "waited") this.#window.noteEnd(bytes, this.#origin.concurrency - 1);
    this.#sealIfComplete();
    this.#pump();
  }

  async #fetchChunk(chunk: Chunk, reason: Reason): Promise<void> {
    const { number } = chunk;
    try {
      const bytes = await this.#origin.fetch(chunk, this.#abort.signal);
      await this.#store.put(chunk, bytes);
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#rest(number, error);
      return;
    }
    this.#arrivedFor[reason]++;
    this.#failures.forget(number);
    this.#order.release(number, false);
    const waits = this.#waits.get(number) ?? [];
    this.#waits.delete(number);
    for (const wait of waits) if (wait.isLastChunk()) this.#end(wait, "arrived");
  }

  /** Lets a chunk that could not be had rest for a while. */
  #rest(chunk: number, error: unknown): void {
    this.#failed.count++;
    this.#failed.last = error instanceof Error ? error.message : String(error);
    const { pauseMs, refuses } = this.#failures.note(chunk, error);
    if (refuses) {
      this.#failures.forget(chunk);
      for (const wait of [...(this.#waits.get(chunk) ?? [])]) this.#end(wait, "failed");
    }
    const timer = setTimeout(() => {
      this.#resting.delete(chunk);
      this.#order.release(chunk, true);
      this.#pump();
    }, pauseMs);
    this.#resting.set(chunk, { timer, isRefused: refuses });
  }

  #sealIfComplete(): void {
    if (this.#isSealing || !this.#store.isComplete) return;
    this.#isSealing = true;
    this.#store.seal().then(this.#resolveComplete, this.#rejectComplete);
  }
}

import type { Chunk, Manifest } from "../manifest/index.js";

/** The reason for which a chunk is fetched. */
export type Reason = "waited" | "prefetch" | "rest";

/**
 * The order in which chunks are fetched: those that somebody waits for, in the order of their reads; then the trace's; then the rest, in
 * the order of their places in the origin. It remembers what is under way.
 */
export class Order {
  readonly #manifest: Manifest;
  readonly #hasArrived: (chunk: number) => boolean;
  readonly #isWaitedFor: (chunk: number) => boolean;
  /** 1 for a chunk that is under way, or that rests after a failure. */
  readonly #isBusy: Uint8Array;
  #waited: number[] = [];
  readonly #prefetch: readonly number[];
  #prefetchAt = 0;
  #restAt = 0;
  readonly #chunksOfPack: readonly (readonly Chunk[])[];

  constructor(
    manifest: Manifest,
    prefetch: readonly number[],
    hasArrived: (chunk: number) => boolean,
    isWaitedFor: (chunk: number) => boolean,
  ) {
    this.#manifest = manifest;
    this.#prefetch = prefetch;
    this.#hasArrived = hasArrived;
    this.#isWaitedFor = isWaitedFor;
    this.#isBusy = new Uint8Array(manifest.chunks.length);
    const packs: Chunk[][] = manifest.packs.map(() => []);
    // A stream has one pack, which is not bounded: its chunks go one by one.
    const isBounded = manifest.packs.every(({ packing }) => packing.kind !== "zstd");
    if (isBounded) for (const chunk of manifest.chunks) if (chunk.place.kind === "pack") packs[chunk.place.pack]!.push(chunk);
    this.#chunksOfPack = packs;
  }

  isBusy(chunk: number): boolean {
    return this.#isBusy[chunk] === 1;
  }

  /** Somebody waits for a chunk. */
  want(chunk: number): void {
    this.#waited.push(chunk);
  }

  /** A chunk is no longer under way. @param mayComeAgain true if it has not arrived */
  release(chunk: number, mayComeAgain: boolean): void {
    this.#isBusy[chunk] = 0;
    if (!mayComeAgain) return;
    if (this.#isWaitedFor(chunk)) this.#waited.push(chunk);
    this.#restAt = Math.min(this.#restAt, chunk);
  }

  /** Takes the next chunk of a kind, with those that come with it: they are under way from now on. Null if there is none. */
  take(reason: Reason): readonly Chunk[] | null {
    const chunk = reason === "waited" ? this.#nextWaited() : reason === "prefetch" ? this.#nextPrefetch() : this.#nextOfRest();
    if (chunk === null) return null;
    const { place } = this.#manifest.chunks[chunk]!;
    const together = place.kind === "pack" ? this.#chunksOfPack[place.pack]! : [];
    const unit = together.filter(({ number }) => number !== chunk && this.#isFree(number));
    unit.unshift(this.#manifest.chunks[chunk]!);
    for (const { number } of unit) this.#isBusy[number] = 1;
    return unit;
  }

  #nextWaited(): number | null {
    for (let chunk = this.#waited.shift(); chunk !== undefined; chunk = this.#waited.shift()) {
      if (this.#isFree(chunk) && this.#isWaitedFor(chunk)) return chunk;
    }
    return null;
  }

  #nextPrefetch(): number | null {
    for (; this.#prefetchAt < this.#prefetch.length; this.#prefetchAt++) {
      if (this.#isFree(this.#prefetch[this.#prefetchAt]!)) return this.#prefetch[this.#prefetchAt]!;
    }
    return null;
  }

  #nextOfRest(): number | null {
    for (; this.#restAt < this.#isBusy.length; this.#restAt++) if (this.#isFree(this.#restAt)) return this.#restAt;
    return null;
  }

  #isFree(chunk: number): boolean {
    return this.#isBusy[chunk] === 0 && !this.#hasArrived(chunk);
  }
}

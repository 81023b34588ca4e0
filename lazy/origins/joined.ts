import { onAbort } from "../ranges/index.js";

interface Shared<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/** Joins equal work: a second request waits for the work of the first. Work is aborted when its last request is given up. */
export class Joined<K, T> {
  readonly #work: (key: K, signal: AbortSignal) => Promise<T>;
  readonly #running = new Map<K, Shared<T>>();

  constructor(work: (key: K, signal: AbortSignal) => Promise<T>) {
    this.#work = work;
  }

  /** @throws the work's error, or the signal's reason after an abort */
  async get(key: K, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const shared = this.#running.get(key) ?? this.#start(key);
    shared.waiting++;
    let stay = () => {};
    const aborted = new Promise<never>((_, reject) => {
      stay = onAbort(signal, () => reject(signal.reason));
    });
    try {
      return await Promise.race([shared.result, aborted]);
    } finally {
      stay();
      shared.waiting--;
      if (shared.waiting === 0) this.#end(key, shared);
    }
  }

  #start(key: K): Shared<T> {
    const controller = new AbortController();
    const result = this.#work(key, controller.signal);
    const shared: Shared<T> = { result, controller, waiting: 0 };
    this.#running.set(key, shared);
    // Each request sees a failure. It must not end the process when the last request was given up.
    result.catch(() => {});
    return shared;
  }

  #end(key: K, shared: Shared<T>): void {
    if (this.#running.get(key) === shared) this.#running.delete(key);
    shared.controller.abort();
  }
}

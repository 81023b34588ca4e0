import { LATENCY_CLASSES } from "./latencies.js";

/** A command to every thread of a team. */
export const BoardCommand = { begin: 1, lead: 2, burst: 3, clear: 4, forget: 5, close: 6 } as const;
export type BoardCommand = (typeof BoardCommand)[keyof typeof BoardCommand];

/** The words of a command: its number, the threads that have not finished, and its parts. */
const [SEQUENCE, BUSY, COMMAND, CONTENDER, OPERATIONS, WORDS] = [0, 1, 2, 3, 4, 5];

/** Memory that a team's threads share: one command at a time, and the results of each thread. */
export interface Board {
  readonly readers: number;
  readonly words: Int32Array;
  /** The result of the last command, a thread each: 0, 1, or `-errno`. */
  readonly results: Int32Array;
  /** Start and end of the last burst, two numbers a thread, in ns of the monotonic clock. */
  readonly times: Float64Array;
  /** Time in the first and in the last quarters of all bursts, by thread and contender. */
  readonly quarters: Float64Array;
  /** Counts by class of latency, by contender; threads add to them. */
  readonly latencies: Uint32Array;
}

export function makeBoard(readers: number, contenders: number): Board {
  const shared = (bytes: number) => new SharedArrayBuffer(bytes);
  return {
    readers,
    words: new Int32Array(shared(4 * WORDS)),
    results: new Int32Array(shared(4 * readers)),
    times: new Float64Array(shared(16 * readers)),
    quarters: new Float64Array(shared(16 * readers * contenders)),
    latencies: new Uint32Array(shared(4 * LATENCY_CLASSES * contenders)),
  };
}

/** Gives a command to all threads, and waits until all have finished. */
export function command({ words, readers }: Board, kind: BoardCommand, contender: number, operations: number): void {
  words[COMMAND] = kind;
  words[CONTENDER] = contender;
  words[OPERATIONS] = operations;
  Atomics.store(words, BUSY, readers);
  Atomics.add(words, SEQUENCE, 1);
  Atomics.notify(words, SEQUENCE);
  untilFinished({ words });
}

/** Waits until all threads have finished the command, or have started. */
export function untilFinished({ words }: Pick<Board, "words">): void {
  for (let busy = Atomics.load(words, BUSY); busy > 0; busy = Atomics.load(words, BUSY)) Atomics.wait(words, BUSY, busy);
}

/** Makes the team wait for each thread once, before the first command. */
export function expectAll({ words, readers }: Board): void {
  Atomics.store(words, BUSY, readers);
}

/** Waits for the command after the given one. */
export function nextCommand({ words }: Board, seen: number) {
  while (Atomics.load(words, SEQUENCE) === seen) Atomics.wait(words, SEQUENCE, seen);
  return {
    sequence: seen + 1,
    kind: words[COMMAND] as BoardCommand,
    contender: words[CONTENDER]!,
    operations: words[OPERATIONS]!,
  };
}

export function finish({ words }: Board): void {
  if (Atomics.sub(words, BUSY, 1) === 1) Atomics.notify(words, BUSY);
}

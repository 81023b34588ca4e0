import { closeSync } from "node:fs";
import { RingMemory } from "../io-uring/memory.js";
import { pageSizeBytes } from "../libc/page-size.js";
import { enablePerfEvent, openPerfEvent, type PerfEvent, readPerfEvent, setPerfFilter, setPerfOutput } from "./perf-event.js";

/** Fields of struct perf_event_mmap_page (include/uapi/linux/perf_event.h), in 64-bit words. */
const DATA_HEAD = 1024 / 8;
const DATA_TAIL = 1032 / 8;

const PERF_RECORD_SAMPLE = 9;

/** Power of two, as the kernel wants it. */
const DATA_BYTES = 2 ** 22;

/** Called with an event: its time, by the clock that all CPUs share, and the tracepoint's own record. */
export type OnSample = (timeNs: number, record: DataView) => void;

/** An event of a tracepoint, and the filter of its records. */
export interface SampledEvent {
  readonly event: PerfEvent;
  readonly filter: string;
}

/**
 * Every event of some tracepoints on one CPU, one after the other, in memory that the kernel writes and we read. It holds
 * about 70,000 events between two readings; events that do not fit are lost.
 */
export class PerfRing implements Disposable {
  /** The number of events that were handed over so far. */
  #seen = 0;
  readonly #fds: number[] = [];
  readonly #memory: RingMemory;

  /** @throws where the kernel does not allow it, with `-errno` as the cause */
  constructor(cpu: number, events: readonly SampledEvent[]) {
    try {
      for (const { event, filter } of events) {
        const fd = check(openPerfEvent({ ...event, samples: true }, { cpu }));
        this.#fds.push(fd);
        check(setPerfFilter(fd, filter));
      }
      const [first = -1, ...others] = this.#fds;
      this.#memory = new RingMemory(first, 0, pageSizeBytes + DATA_BYTES);
      for (const fd of others) check(setPerfOutput(fd, first));
      for (const fd of this.#fds) check(enablePerfEvent(fd));
    } catch (error) {
      for (const fd of this.#fds) closeSync(fd);
      throw error;
    }
  }

  /**
   * Hands over the events since the last call. Records of other types, PERF_RECORD_LOST among them, are skipped: the kernel
   * writes that one only with the next event that fits, so the last losses would be missing. The counters have them all.
   *
   *     struct perf_event_header { u32 type 0; u16 misc 4; u16 size 6; }
   *     PERF_RECORD_SAMPLE:      { header; u64 time 8; u32 size 16; char data[] 20; }
   *
   * @returns the number of events that are missing so far
   */
  drain(onSample: OnSample): number {
    // The counters are read before the ring: an event in between is in the ring and not yet counted.
    const counted = this.#fds.reduce((sum, fd) => sum + readPerfEvent(fd).count, 0);
    const control = new BigUint64Array(this.#memory.buffer, 0, pageSizeBytes / 8);
    const data = new Uint8Array(this.#memory.buffer, pageSizeBytes, DATA_BYTES);
    const head = Atomics.load(control, DATA_HEAD);
    let at = Number(control[DATA_TAIL]);
    while (at < Number(head)) {
      const size = wholeRecord(data, at, 8).getUint16(6, true);
      const record = wholeRecord(data, at, size);
      if (record.getUint32(0, true) === PERF_RECORD_SAMPLE) {
        this.#seen++;
        const tracepoint = new DataView(record.buffer, record.byteOffset + 20, record.getUint32(16, true));
        onSample(Number(record.getBigUint64(8, true)), tracepoint);
      }
      at += size;
    }
    Atomics.store(control, DATA_TAIL, head);
    return Math.max(0, counted - this.#seen);
  }

  [Symbol.dispose](): void {
    this.#memory[Symbol.dispose]();
    for (const fd of this.#fds) closeSync(fd);
  }
}

/** A record in place, or a copy of one that begins at the ring's end and goes on at its beginning. */
function wholeRecord(data: Uint8Array, at: number, size: number): DataView {
  const start = at % DATA_BYTES;
  if (start + size <= DATA_BYTES) return new DataView(data.buffer, data.byteOffset + start, size);
  const copy = new Uint8Array(size);
  copy.set(data.subarray(start));
  copy.set(data.subarray(0, start + size - DATA_BYTES), DATA_BYTES - start);
  return new DataView(copy.buffer);
}

function check(result: number): number {
  if (result < 0) throw new Error("perf_event_open", { cause: result });
  return result;
}

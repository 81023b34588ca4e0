import { type OnSample, PerfRing, type SampledEvent } from "../../linux/perf/perf-ring.js";
import { onlineCpus } from "../../linux/proc/cpu-list.js";
import { explain, type Reading } from "./counter.js";
import { cpuWideEvent, findTracepoint, type Tracepoint, type Unavailable } from "./tracepoint.js";

/** The time of requests from fuse_request_send to fuse_request_end: queue, wake-up, daemon and answer. */
export interface RoundTripTimes {
  readonly requests: number;
  /** These are null where there was no request. */
  readonly meanNs: number | null;
  readonly p50Ns: number | null;
  readonly p99Ns: number | null;
  readonly maxNs: number | null;
  /** The number of requests by the upper bound of their class in ns. Each class is a quarter of an octave. */
  readonly histogram: Readonly<Record<string, number>>;
}

/** The pause between two readings of the rings while a load runs. They hold a second of a fast daemon's requests. */
const DRAIN_MS = 200;

/** The offset of a field in a tracepoint's record, from the `format` file. */
function fieldOffset({ format }: Tracepoint, name: string): number {
  return Number(new RegExp(`\\b${name};\\s*offset:(\\d+);`).exec(format)?.[1]);
}

/** Follows every request of one opcode over a connection, from every task. It costs a request about 0.5 us: for counted runs. */
export class RoundTrips implements Disposable {
  readonly #rings: PerfRing[] = [];
  readonly #unavailable: string | null = null;
  readonly #timer: NodeJS.Timeout | null = null;
  readonly #sent = new Map<number, number>();
  readonly #ended = new Map<number, number>();
  readonly #onSample: OnSample = () => {};

  constructor(connection: number, opcode: number) {
    const [send, end] = ["send", "end"].map((name) => findTracepoint(`fuse:fuse_request_${name}`)) as [Found, Found];
    const missing = [send, end].find((tracepoint) => "unavailable" in tracepoint);
    if (missing !== undefined || "unavailable" in send || "unavailable" in end) {
      this.#unavailable = (missing as Unavailable).unavailable;
      return;
    }
    const events: SampledEvent[] = [
      { event: cpuWideEvent(send), filter: `connection == ${connection} && opcode == ${opcode}` },
      { event: cpuWideEvent(end), filter: `connection == ${connection}` },
    ];
    this.#onSample = sorter(send, end, this.#sent, this.#ended);
    try {
      for (const cpu of onlineCpus()) this.#rings.push(new PerfRing(cpu, events));
    } catch (error) {
      this.#unavailable = error instanceof Error && typeof error.cause === "number" ? explain(error.cause) : String(error);
      this[Symbol.dispose]();
      return;
    }
    this.#timer = setInterval(() => this.#drain(), DRAIN_MS).unref();
  }

  /** Empties the rings. @returns the number of events that are missing so far */
  #drain(): number {
    return this.#rings.reduce((sum, ring) => sum + ring.drain(this.#onSample), 0);
  }

  /** The times of all requests that have ended. */
  read(): Reading<RoundTripTimes> {
    if (this.#unavailable !== null) return { unavailable: this.#unavailable };
    const lost = this.#drain();
    if (lost > 0) return { unavailable: `${lost} events were lost` };
    const times = [...this.#sent].flatMap(([unique, sentNs]) => {
      const endedNs = this.#ended.get(unique);
      return endedNs === undefined ? [] : [endedNs - sentNs];
    });
    return { value: summarize(times) };
  }

  [Symbol.dispose](): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    for (const ring of this.#rings.splice(0)) ring[Symbol.dispose]();
  }
}

type Found = Tracepoint | Unavailable;

/** Sorts records by tracepoint: `common_type`, at the front of every record, is its id. */
function sorter(send: Tracepoint, end: Tracepoint, sent: Map<number, number>, ended: Map<number, number>) {
  const [sendUnique, endUnique] = [send, end].map((tracepoint) => fieldOffset(tracepoint, "unique")) as [number, number];
  return (timeNs: number, record: DataView) => {
    const isSend = record.getUint16(0, true) === send.id;
    const unique = Number(record.getBigUint64(isSend ? sendUnique : endUnique, true));
    (isSend ? sent : ended).set(unique, timeNs);
  };
}

function summarize(times: readonly number[]): RoundTripTimes {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
  const histogram: Record<string, number> = {};
  for (const ns of sorted) {
    const upTo = String(Math.round(2 ** (Math.ceil(Math.log2(Math.max(1, ns)) * 4) / 4)));
    histogram[upTo] = (histogram[upTo] ?? 0) + 1;
  }
  return {
    requests: sorted.length,
    meanNs: sorted.length === 0 ? null : sorted.reduce((sum, ns) => sum + ns, 0) / sorted.length,
    p50Ns: at(0.5),
    p99Ns: at(0.99),
    maxNs: at(1),
    histogram,
  };
}

import { shuffle } from "simple-statistics";
import { processCpuNs } from "../../../linux/proc/process-clock.js";
import { seededRandom } from "../../../workloads/index.js";
import { openCrew } from "./crew.js";
import { ownNsPerOperation } from "./own-cost.js";
import { openPages, type Pages } from "./pages.js";
import type { ContenderSlices, Failure, Proof, Sizes, SliceJob, Turns } from "./protocol.js";
import { failureOf, openAlone, type Team } from "./team.js";

/** A sequential reader's way into its stream, at least. */
const LEAD_BYTES = 2 ** 20;

/** Windows of readahead that a sequential reader's way into its stream has, and that its slice has at least. */
const LEAD_WINDOWS = 2;
const SLICE_WINDOWS = 4;

/** The part of a slice that is done before it, untimed: caches and cores get used to the contender. */
const LEAD_PART = 1 / 16;

/** Fewer operations make no slice: of all readers, and of each of several. */
const LEAST_OPERATIONS = 16;
const LEAST_OF_A_READER = 4;

/** Turns after which the code is compiled and the daemons are awake. */
const WARM_UP_TURNS = 3;

/** The contenders of one job, ready for slices. */
export class Group {
  readonly #job: SliceJob;
  readonly #team: Team;
  readonly #pages: (Pages | null)[];
  readonly #failures: Failure[];
  readonly #random: () => number;

  constructor(job: SliceJob) {
    this.#job = job;
    this.#team = job.readers === 1 ? openAlone(job) : openCrew(job);
    this.#failures = [...this.#team.failures];
    this.#random = seededRandom(job.seed);
    this.#pages = job.contenders.map((contender, index) => {
      if (this.#failures[index] !== null) return null;
      const pages = openPages(job, contender, () => this.#team.forget(index));
      if (typeof pages !== "number") return pages;
      this.#failures[index] = `open: ${failureOf(pages)}`;
      return null;
    });
    for (const pages of this.#pages) pages?.dropOwn();
  }

  #leadOf(operations: number): number {
    const { pattern, readers, ioSizeBytes, windowBytes } = this.#job;
    if (pattern === "random") return readers * Math.max(1, Math.ceil((operations * LEAD_PART) / readers));
    return readers * Math.max(4, Math.ceil(Math.max(LEAD_BYTES, LEAD_WINDOWS * windowBytes) / ioSizeBytes));
  }

  /** Takes one slice. @returns its ns, or null after a failure, which is kept */
  #slice(contender: number, operations: number): number | null {
    const pages = this.#pages[contender]!;
    const lead = this.#leadOf(operations);
    if (this.#team.begin(contender, lead + operations)) pages.dropOwn();
    if (this.#job.cache === "cold" && !pages.dropAll())
      return this.#fail(contender, "its pages can't be taken out of the page cache");
    const led = this.#team.lead(contender, lead);
    const ns = led < 0 ? led : this.#team.burst(contender, operations);
    pages.settle();
    return ns < 0 ? this.#fail(contender, failureOf(ns)) : ns;
  }

  #fail(contender: number, failure: string): null {
    this.#failures[contender] = failure;
    return null;
  }

  get #alive(): number[] {
    return this.#failures.flatMap((failure, index) => (failure === null ? [index] : []));
  }

  /**
   * A number of operations that all readers share alike, and that a pass has room for. Those of a sequential reader are whole
   * windows: it is then as far ahead of its reads at the end as at the start.
   */
  #whole(operations: number): number {
    const { readers, pattern, ioSizeBytes, windowBytes } = this.#job;
    const unit = readers * (pattern === "random" ? 1 : Math.max(1, Math.ceil(windowBytes / ioSizeBytes)));
    const least = pattern === "random" ? Math.max(LEAST_OPERATIONS, readers * LEAST_OF_A_READER) : SLICE_WINDOWS * unit;
    const most = (this.#team.most - this.#leadOf(this.#team.most / 2)) / 2;
    return Math.max(unit, Math.round(Math.min(Math.max(least, operations), most) / unit) * unit);
  }

  /** The number of operations with which a slice of each contender lasts so long. */
  size(sliceMs: number): Sizes {
    const operations = this.#job.contenders.map(() => this.#whole(LEAST_OPERATIONS));
    // The first slices of a mount are slow, and code is compiled meanwhile: the last figure counts.
    let msPerTurn = 0;
    for (let turn = 0; turn < WARM_UP_TURNS + 1; turn++) {
      const started = performance.now();
      for (const index of this.#alive) {
        const ns = this.#slice(index, operations[index]!);
        if (ns !== null) operations[index] = this.#whole((operations[index]! * sliceMs * 1e6) / Math.max(ns, 1000));
      }
      msPerTurn = performance.now() - started;
    }
    this.#team.clear();
    return {
      operations: alike(operations),
      ownNsPerOperation: ownNsPerOperation(this.#job),
      msPerTurn,
      failures: [...this.#failures],
    };
  }

  /** Takes the slices of some turns, the contenders in an order drawn anew for each. A contender that fails takes no more. */
  turns(turns: number, operations: readonly number[]): Turns {
    this.#team.clear();
    const times = this.#job.contenders.map(() => new Array<number | null>(turns).fill(null));
    const cpuTimes = this.#job.contenders.map(() => new Array<number | null>(turns).fill(null));
    for (let turn = 0; turn < turns; turn++) {
      for (const index of shuffle(this.#alive, this.#random)) {
        const count = operations[index]!;
        const before = this.#cpuNs(index);
        const ns = this.#slice(index, count);
        const after = this.#cpuNs(index);
        if (ns === null) continue;
        times[index]![turn] = ns / count;
        // The lead-in costs CPU time too.
        if (before !== null && after !== null) cpuTimes[index]![turn] = (after - before) / (count + this.#leadOf(count));
      }
    }
    return {
      contenders: this.#job.contenders.map((_, index) => this.#result(index, times[index]!, cpuTimes[index]!, operations)),
    };
  }

  #result(
    index: number,
    nsPerOperation: readonly (number | null)[],
    cpuNsPerOperation: readonly (number | null)[],
    operations: readonly number[],
  ): ContenderSlices {
    const failure = this.#failures[index]!;
    const taken = nsPerOperation.filter((ns) => ns !== null).length;
    const latencies = this.#pages[index] === null ? null : this.#team.latencies(index);
    const quarter = taken * Math.floor(operations[index]! / 4);
    const [first, last] = quarter === 0 ? [0, 0] : this.#team.quartersNs(index);
    return {
      nsPerOperation,
      cpuNsPerOperation,
      p50Ns: latencies?.quantile(0.5) ?? 0,
      p99Ns: latencies?.quantile(0.99) ?? 0,
      quartersNs: [first / Math.max(1, quarter), last / Math.max(1, quarter)],
      failure,
    };
  }

  /** CPU time of the reader and of a contender's daemon; null where a process has gone. */
  #cpuNs(contender: number): number | null {
    let sum = processCpuNs(0)!;
    for (const pid of this.#job.contenders[contender]!.pids) {
      const ns = processCpuNs(pid);
      if (ns === null) return null;
      sum += ns;
    }
    return sum;
  }

  /** Takes slices of one contender alone, until it has done so many operations. */
  prove(contender: number, operations: number): Proof {
    let done = 0;
    while (this.#failures[contender] === null && done < operations) {
      const count = this.#whole(operations - done);
      if (this.#slice(contender, count) !== null) done += count + this.#leadOf(count);
    }
    this.#team.clear();
    return { operations: done, failure: this.#failures[contender]! };
  }

  close(): void {
    for (const pages of this.#pages) pages?.close();
    this.#team.close();
  }
}

/** Sizes that differ by less than this factor become one: contenders of one speed then keep their distance in the file. */
const ALIKE = 1.5;

/** Makes sizes that are nearly the same the same: the smallest of them. */
function alike(sizes: readonly number[]): number[] {
  const ascending = sizes.toSorted((a, b) => a - b);
  const first = new Map<number, number>();
  let base = 0;
  for (const size of ascending) {
    if (size > base * ALIKE) base = size;
    first.set(size, base);
  }
  return sizes.map((size) => first.get(size)!);
}

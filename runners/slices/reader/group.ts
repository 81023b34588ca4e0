import { shuffle } from "simple-statistics";
import { processCpuNs } from "../../../linux/proc/process-clock.js";
import { seededRandom } from "../../../workloads/index.js";
import { openCrew } from "./crew.js";
import { HOT_BYTES } from "./lane.js";
import { OwnCost } from "./own-cost.js";
import { openPages, type Pages } from "./pages.js";
import type { ContenderSlices, Failure, Proof, Sizes, SliceJob, Turns } from "./protocol.js";
import { alike, leadOf, tooSmall, wholeSlice } from "./slice-size.js";
import { failureOf, openAlone, type Team } from "./team.js";
import { sayUnderWay } from "./under-way.js";

/** Turns after which the code is compiled and the daemons are awake. */
const WARM_UP_TURNS = 3;

/** The times of one slice, an operation each. */
interface SliceTimes {
  readonly ns: number;
  /** CPU time of reader and daemon; null where a process of the daemon has gone. */
  readonly cpuNs: number | null;
}

/** The CPU time of the processes of a daemon; null where one has gone. */
function daemonCpuNs(pids: readonly number[]): number | null {
  let sum = 0;
  for (const pid of pids) {
    const ns = processCpuNs(pid);
    if (ns === null) return null;
    sum += ns;
  }
  return sum;
}

/** The contenders of one job, ready for slices. */
export class Group {
  readonly #job: SliceJob;
  readonly #team: Team;
  readonly #pages: readonly (Pages | null)[];
  readonly #failures: Failure[];
  readonly #random: () => number;
  readonly #own = new OwnCost();

  constructor(job: SliceJob) {
    this.#job = job;
    this.#team = job.readers === 1 ? openAlone(job) : openCrew(job);
    this.#failures = [...this.#team.failures];
    this.#random = seededRandom(job.seed);
    this.#pages = job.contenders.map((contender, index) => {
      if (this.#failures[index] !== null) return null;
      sayUnderWay(index);
      const pages = openPages(job, contender, () => this.#team.forget(index));
      if (typeof pages !== "string") return pages;
      this.#failures[index] = pages;
      return null;
    });
    const noRoom = tooSmall(job, this.#team.most);
    for (const index of this.#alive) this.#failures[index] = noRoom ?? this.#begin(index);
  }

  /** Brings the pages of a contender into the state of a first pass. An open of a FUSE file drops them, so all opens come first. */
  #begin(contender: number): Failure {
    sayUnderWay(contender);
    const pages = this.#pages[contender]!;
    pages.renew();
    return this.#job.cache === "hot" ? pages.fill(Math.min(HOT_BYTES, this.#job.fileSizeBytes)) : null;
  }

  /** Takes one slice. @returns its times, or null after a failure, which is kept */
  #slice(contender: number, operations: number): SliceTimes | null {
    const pages = this.#pages[contender]!;
    const { pids } = this.#job.contenders[contender]!;
    const lead = leadOf(this.#job, operations);
    sayUnderWay(contender);
    if (this.#team.begin(contender, lead + operations)) pages.renew();
    const stays = this.#job.cache === "cold" ? pages.dropAll() : null;
    if (stays !== null) return this.#fail(contender, stays);
    // The lead-in costs CPU time too. A daemon's part of it ends when nothing is under way, the reader's before it waits for that.
    const [daemonBefore, readerBefore] = [daemonCpuNs(pids), processCpuNs(0)!];
    const led = this.#team.lead(contender, lead);
    const ns = led < 0 ? led : this.#team.burst(contender, operations);
    const readerNs = processCpuNs(0)! - readerBefore;
    const unsettled = pages.settle();
    const daemonAfter = daemonCpuNs(pids);
    if (ns < 0) return this.#fail(contender, failureOf(ns));
    if (unsettled !== null) return this.#fail(contender, unsettled);
    const isKnown = daemonBefore !== null && daemonAfter !== null;
    const cpuNs = isKnown ? (readerNs + daemonAfter - daemonBefore) / (lead + operations) : null;
    return { ns: ns / operations, cpuNs };
  }

  #fail(contender: number, failure: string): null {
    this.#failures[contender] = failure;
    return null;
  }

  get #alive(): number[] {
    return this.#failures.flatMap((failure, index) => (failure === null ? [index] : []));
  }

  #whole(operations: number): number {
    return wholeSlice(this.#job, operations, this.#team.most);
  }

  /** The number of operations with which a slice of each contender lasts so long. */
  size(sliceMs: number): Sizes {
    const operations = this.#job.contenders.map(() => this.#whole(0));
    // The first slices of a mount are slow, and code is compiled meanwhile: the last figure counts.
    let msPerTurn = 0;
    for (let turn = 0; turn < WARM_UP_TURNS + 1; turn++) {
      const started = performance.now();
      this.#own.take();
      for (const index of this.#alive) {
        const slice = this.#slice(index, operations[index]!);
        if (slice !== null) operations[index] = this.#whole((sliceMs * 1e6) / Math.max(slice.ns, 1));
      }
      msPerTurn = performance.now() - started;
    }
    this.#team.clear();
    return { operations: alike(operations), msPerTurn };
  }

  /** Takes the slices of some turns, the contenders in an order drawn anew for each. A contender that fails takes no more. */
  turns(turns: number, operations: readonly number[]): Turns {
    this.#team.clear();
    this.#own.clear();
    const none = () => new Array<number | null>(turns).fill(null);
    const times = this.#job.contenders.map(none);
    const cpuTimes = this.#job.contenders.map(none);
    for (let turn = 0; turn < turns; turn++) {
      this.#own.take();
      for (const index of shuffle(this.#alive, this.#random)) {
        const slice = this.#slice(index, operations[index]!);
        times[index]![turn] = slice?.ns ?? null;
        cpuTimes[index]![turn] = slice?.cpuNs ?? null;
      }
    }
    // Warm and hot slices whose source went to the disk in between were neither.
    if (this.#job.cache !== "cold") for (const index of this.#alive) this.#failures[index] = this.#pages[index]!.lost();
    const result = (_: unknown, index: number) => this.#result(index, times[index]!, cpuTimes[index]!, operations[index]!);
    return {
      contenders: this.#job.contenders.map(result),
      ownNsPerOperation: this.#own.wallNs(this.#job.readers),
      ownCpuNsPerOperation: this.#own.cpuNs,
    };
  }

  #result(
    index: number,
    nsPerOperation: readonly (number | null)[],
    cpuNsPerOperation: readonly (number | null)[],
    operations: number,
  ): ContenderSlices {
    const taken = nsPerOperation.filter((ns) => ns !== null).length;
    const isOpen = this.#pages[index] !== null;
    const latencies = isOpen ? this.#team.latencies(index) : null;
    const quarter = Math.max(1, taken * Math.floor(operations / 4));
    const [first, last] = isOpen ? this.#team.quartersNs(index) : [0, 0];
    return {
      nsPerOperation,
      cpuNsPerOperation,
      p50Ns: latencies?.quantile(0.5) ?? 0,
      p99Ns: latencies?.quantile(0.99) ?? 0,
      quartersNs: [first / quarter, last / quarter],
      failure: this.#failures[index]!,
    };
  }

  /** Takes slices of one contender alone, until it has done so many operations. */
  prove(contender: number, operations: number): Proof {
    let done = 0;
    while (this.#failures[contender] === null && done < operations) {
      const count = this.#whole(operations - done);
      if (this.#slice(contender, count) !== null) done += count + leadOf(this.#job, count);
    }
    this.#team.clear();
    return { operations: done, failure: this.#failures[contender]! };
  }

  close(): void {
    for (const pages of this.#pages) pages?.close();
    this.#team.close();
  }
}

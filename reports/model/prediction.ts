import type { Calibration, RoundTrip, UnitName } from "../../results/index.js";

import type { Comparison, ComparisonRow } from "../figures/comparison.js";
import type { Costs } from "../figures/costs.js";
import { isMissing } from "../figures/per-operation.js";
import type { Estimate } from "../figures/statistics.js";
import { type Handoffs, handoffs, handoffsOf } from "./handoffs.js";
import { type UnitCosts, unitCosts } from "./unit-costs.js";

/** The parts of the time of one I/O, in the order in which a read goes through them. */
export const PARTS = {
  call: "application's call",
  applicationFuse: "FUSE's own work, application's side",
  wakeUp: "wake-up of the daemon",
  daemonFuse: "FUSE's own work, daemon's side, and its loop",
  daemonCalls: "daemon's calls",
  copies: "copies",
  wayBack: "way back",
  device: "device",
} as const;

export type PartName = keyof typeof PARTS;

/** Nanoseconds of one I/O, part by part. */
type Parts = Readonly<Record<PartName, number>>;

/** The predicted time of a cell, beside the measured one. */
export interface Prediction {
  readonly row: ComparisonRow;
  readonly parts: Parts;
  readonly predictedUs: { readonly median: number; readonly low: number; readonly high: number };
  /** The mean I/O, as counts and the device's time are means; the median over blocks. */
  readonly measuredUs: Estimate;
}

/** A cell without a prediction, and the reason. */
interface NotPredicted {
  readonly row: ComparisonRow;
  readonly reason: string;
}

const PAGE_BYTES = 4096;

/** The counts of one I/O. A sum needs all of them. */
type Counts = Readonly<Record<Exclude<keyof Costs, "cpuUs" | `${string}Switches` | `${string}ByName`>, number>>;

function countsOf({ costs }: ComparisonRow): Counts | string {
  const { cpuUs, applicationSwitches, daemonSwitches, applicationSyscallsByName, daemonSyscallsByName, ...figures } = costs;
  const counts: Record<string, number> = {};
  for (const [name, figure] of Object.entries(figures)) {
    if (!isMissing(figure)) counts[name] = figure;
    else if (!figure.applies) counts[name] = 0;
    else return `${name}: ${figure.reason}`;
  }
  return counts as Counts;
}

/** One figure of each unit: the medians, or one end of all intervals. */
type Prices = Readonly<Record<UnitName, number | null>>;

class Unpriced extends Error {}

function priceOf(prices: Prices, name: UnitName): number {
  const price = prices[name];
  if (price === null) throw new Unpriced(`${name} was not measured on this host`);
  return price;
}

/** A handoff to the other side: on the same core a switch, to an idle core its wake-up. A host of one core has no other. */
function handoffNs(prices: Prices, toIdleCore: number): number {
  const same = priceOf(prices, "switchSameCore");
  return toIdleCore * (prices.wakeOtherCore ?? same) + (1 - toIdleCore) * same;
}

/** The cost of workers woken in vain: on the same core a switch, on an idle core the sending of the wake-up. */
function inVain({ vainSameCore, vainIdleCore }: Handoffs, prices: Prices): number {
  const same = priceOf(prices, "switchSameCore");
  // A host of one core wakes no other.
  const sent = vainIdleCore === 0 || prices.wakeOtherCore === null ? same : priceOf(prices, "wakeUpSent");
  return vainSameCore * same + vainIdleCore * sent;
}

/** The cost of a read of cached pages beyond an empty system call and the copy: the way through the VFS to the page. */
function readWork(prices: Prices): number {
  return priceOf(prices, "readCall") - priceOf(prices, "systemCall");
}

const ZERO: Parts = { call: 0, applicationFuse: 0, wakeUp: 0, daemonFuse: 0, daemonCalls: 0, copies: 0, wayBack: 0, device: 0 };

function sumOf(parts: Parts): number {
  return Object.values(parts).reduce((total, ns) => total + ns, 0);
}

/** The application's own part, the same for all backends: its calls, its faults, and what the load generator adds. */
function callOf(counts: Counts, prices: Prices): number {
  return (
    priceOf(prices, "loadGenerator") +
    counts.applicationSyscalls * priceOf(prices, "systemCall") +
    counts.applicationPageFaults * priceOf(prices, "userPageFault")
  );
}

/** A read without a daemon: the kernel finds the page, whatever the path to the file, and copies it once. */
function direct(counts: Counts, hands: Handoffs, bytes: number, prices: Prices): Parts {
  return {
    ...ZERO,
    call: callOf(counts, prices) + readWork(prices),
    copies: bytes * priceOf(prices, "copiedByteUncached"),
    // The application waits for nothing but a device: less than half a switch a read is a neighbour's.
    wayBack: Math.round(hands.application) * handoffNs(prices, 1),
  };
}

/** FUSE's own work in a calibrated round trip: the rest that its calls, switches and copies do not explain. */
function ownWork(trip: RoundTrip, prices: Prices): { application: number; daemon: number } | string {
  const { applicationSyscalls, daemonSyscalls, applicationSwitches, daemonSwitches, applicationCpuNs, daemonCpuNs } = trip;
  if (applicationSyscalls === null || daemonSyscalls === null || applicationSwitches === null || daemonSwitches === null) {
    return "the calls and switches of a round trip were not counted";
  }
  // The round trip was pinned to one core, and woke no other: cores that went idle meanwhile did so for others.
  const hands = handoffs(applicationSwitches, daemonSwitches, 1, 0);
  const rest =
    priceOf(prices, trip.name) -
    priceOf(prices, "loadGenerator") -
    (applicationSyscalls + daemonSyscalls) * priceOf(prices, "systemCall") -
    (hands.application + hands.daemon) * handoffNs(prices, hands.toIdleCore) -
    inVain(hands, prices) -
    2 * PAGE_BYTES * priceOf(prices, "copiedByteCached");
  // The CPU times of the two sides tell the share of each.
  const daemonShare = applicationCpuNs === null || daemonCpuNs === null ? 0.5 : daemonCpuNs / (applicationCpuNs + daemonCpuNs);
  return { application: rest * (1 - daemonShare), daemon: rest * daemonShare };
}

/** A read through a daemon: calibrated round trips, and the calls, handoffs and copies beyond them. */
function served(counts: Counts, hands: Handoffs, bytes: number, trip: RoundTrip, prices: Prices): Parts | string {
  const own = ownWork(trip, prices);
  if (typeof own === "string") return own;
  const requests = counts.readRequests;
  const hand = handoffNs(prices, hands.toIdleCore);
  return {
    ...ZERO,
    call: callOf(counts, prices),
    applicationFuse: requests * own.application,
    wakeUp: hands.application * hand + inVain(hands, prices),
    daemonFuse: requests * own.daemon,
    daemonCalls:
      counts.daemonSyscalls * priceOf(prices, "systemCall") +
      counts.daemonPageFaults * priceOf(prices, "userPageFault") +
      // A request is answered by one read of the backing file, also where a ring makes it without a call.
      requests * readWork(prices),
    // Out of the backing file's pages, into the mount's pages, to the application: the first finds them in memory only.
    copies: bytes * (priceOf(prices, "copiedByteUncached") + 2 * priceOf(prices, "copiedByteCached")),
    wayBack: hands.daemon * hand,
  };
}

function tripOf(row: ComparisonRow, { roundTrips }: Calibration): RoundTrip | undefined {
  const isRing = (row.costs.daemonSyscallsByName?.io_uring_enter ?? 0) > 0;
  return roundTrips.find(({ name }) => name === (isRing ? "roundTripIoUring" : "roundTripDevice"));
}

function partsOf(row: ComparisonRow, calibration: Calibration, prices: Prices): Parts | string {
  const counts = countsOf(row);
  if (typeof counts === "string") return counts;
  try {
    const isServed = counts.readRequests > 0;
    const hands = handoffsOf(row.cell, counts.readRequests);
    if (hands === null) return "handoffs to idle cores were not counted";
    if (!isServed) return withDevice(row, direct(counts, hands, row.ioSizeBytes, prices));
    const trip = tripOf(row, calibration);
    if (trip === undefined) return "no round trip over its transport was measured";
    return withDevice(row, served(counts, hands, row.ioSizeBytes, trip, prices));
  } catch (error) {
    if (error instanceof Unpriced) return error.message;
    throw error;
  }
}

function withDevice(row: ComparisonRow, parts: Parts | string): Parts | string {
  if (typeof parts === "string" || row.cache !== "cold") return parts;
  return row.deviceUs === null ? "the device's time was not measured" : { ...parts, device: row.deviceUs.median * 1000 };
}

function pricesAt(costs: UnitCosts, pick: (estimate: Estimate) => number): Prices {
  const prices = Object.entries(costs).map(([name, cost]) => [name, cost === null ? null : pick(cost)]);
  return Object.fromEntries(prices) as Prices;
}

function predict(row: ComparisonRow, calibration: Calibration, costs: UnitCosts): Prediction | NotPredicted {
  const measuredUs = row.meanLatencyUs;
  if (measuredUs === null) return { row, reason: "no sample" };
  const ends = [
    ({ median }: Estimate) => median,
    ({ interval }: Estimate) => interval.low,
    ({ interval }: Estimate) => interval.high,
  ];
  const all = ends.map((end) => partsOf(row, calibration, pricesAt(costs, end)));
  const reason = all.find((one) => typeof one === "string");
  if (reason !== undefined) return { row, reason };
  const [parts, low, high] = all as [Parts, Parts, Parts];
  const us = (sum: Parts) => sumOf(sum) / 1000;
  return { row, parts, predictedUs: { median: us(parts), low: us(low), high: us(high) }, measuredUs };
}

/** The model of a run: of its calibration and its counts, what each cell of random reads by one thread should take. */
export interface Model {
  readonly predictions: readonly Prediction[];
  readonly notPredicted: readonly NotPredicted[];
}

/**
 * Only random reads of one thread: elsewhere work overlaps (readahead, other threads), and a sum of times is no prediction.
 * Null where the run was not calibrated.
 */
export function modelOf({ run, rows }: Comparison): Model | null {
  const { calibration } = run;
  if (calibration === null) return null;
  const costs = unitCosts(calibration);
  const all = rows
    .filter(({ workload, isReferenceAgain, hasSamples }) => hasSamples && /^rnd-rd-1th-/.test(workload) && !isReferenceAgain)
    .map((row) => predict(row, calibration, costs));
  return {
    predictions: all.filter((one) => "parts" in one),
    notPredicted: all.filter((one) => "reason" in one),
  };
}

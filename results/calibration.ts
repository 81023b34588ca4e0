import { z } from "zod";

/** The units that are calibrated. The cost of each is a time; that of a copied byte, a time per byte. */
export const unitName = z.enum([
  /** One system call that does nothing. */
  "systemCall",
  /** One page fault in user mode, for a fresh page of anonymous memory: its zeroing included. */
  "userPageFault",
  /** Handing over to a task that waits on the same core: its wake-up and the switch to it. */
  "switchSameCore",
  /** Handing over to a task that waits on another core, which is idle: its wake-up and that core's way out of idleness. */
  "wakeOtherCore",
  /** The waker's own part of the latter: the delay of a waker that does not wait. */
  "wakeUpSent",
  /** A byte that is in the core's cache already, and one that is in memory only. */
  "copiedByteCached",
  "copiedByteUncached",
  /** pread(2) of one byte in a random page of a file in the page cache, the load generator's part taken out. */
  "readCall",
  /** The load generator's own part of the latency of an operation: reading the clock. */
  "loadGenerator",
  /**
   * 4 KiB read at random from a FUSE mount with nothing behind it, its daemon's calls and both copies included. Reader and daemon
   * share one core: no hand-over in it goes to another core.
   */
  "roundTripDevice",
  "roundTripIoUring",
]);

/** One unit: one figure per round, in nanoseconds. Each is a difference of two measurements, so noise can make it negative. */
const unit = z.object({
  name: unitName,
  samplesNs: z.array(z.number()),
  /** The reason why it could not be measured on this host; null where it was. */
  unavailable: z.string().nullable(),
});

/** The parts of one round trip of the same name: counts per read. */
const roundTrip = z.object({
  name: unitName,
  applicationSyscalls: z.number().nullable(),
  daemonSyscalls: z.number().nullable(),
  applicationSwitches: z.number().nullable(),
  daemonSwitches: z.number().nullable(),
  /** Time on a CPU, from a timed run. */
  applicationCpuNs: z.number().nullable(),
  daemonCpuNs: z.number().nullable(),
});

/** `fusemeter calibrate`: unit costs of this host. */
export const calibration = z.object({
  startedAt: z.iso.datetime(),
  units: z.array(unit),
  roundTrips: z.array(roundTrip),
});

export type UnitName = z.infer<typeof unitName>;
export type RoundTrip = z.infer<typeof roundTrip>;
export type Calibration = z.infer<typeof calibration>;

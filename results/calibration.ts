import { z } from "zod";

/** What was calibrated. Each costs a time; copied bytes, a time a byte. */
export const unitName = z.enum([
  /** One system call that does nothing. */
  "systemCall",
  /** One page fault in user mode, for a fresh page of anonymous memory: its zeroing included. */
  "userPageFault",
  /** Handing over to a task that waits on the same core: its wake-up and the switch to it. */
  "switchSameCore",
  /** Handing over to a task that waits on another core, which is idle: its wake-up and that core's way out of idleness. */
  "wakeOtherCore",
  /** The waker's own part of the latter: what it is held up by if it does not wait. */
  "wakeUpSent",
  /** A byte that is in the core's cache already, and one that is in memory only. */
  "copiedByteCached",
  "copiedByteUncached",
  /** pread(2) of one byte in a random page of a file in the page cache, the load generator's part taken out. */
  "readCall",
  /** What the load generator itself spends inside an I/O's latency: reading the clock. */
  "loadGenerator",
  /**
   * 4 KiB read at random from a FUSE mount with nothing behind it, its daemon's calls and both copies included. Reader and daemon
   * share one core, so that no hand-over in it is to another.
   */
  "roundTripDevice",
  "roundTripIoUring",
]);

/** One unit: a figure a round, in nanoseconds. Differences of two measurements, so noise can make one negative. */
const unit = z.object({
  name: unitName,
  samplesNs: z.array(z.number()),
  /** Why it could not be measured on this host; null where it was. */
  unavailable: z.string().nullable(),
});

/** What one round trip of the same name is made of: counts a read. */
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

import { readdirSync, readFileSync } from "node:fs";
import { TICKS_PER_SECOND } from "../../linux/proc/cpu-time.js";

/** The whole machine since boot: see proc_stat(5). */
export interface SystemFigures {
  readonly contextSwitches: number;
  /** The time of all CPUs in user mode, the kernel and interrupts, in steps of 10 ms. */
  readonly busySeconds: number;
  /** The time in which the hypervisor ran other guests although this one wanted to run. */
  readonly stealSeconds: number;
}

export function readSystemFigures(): SystemFigures {
  const text = readFileSync("/proc/stat", "utf8");
  const ticks = /^cpu +(.*)$/m.exec(text)![1]!.split(" ").map(Number);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = ticks;
  return {
    contextSwitches: Number(/^ctxt (\d+)$/m.exec(text)![1]),
    busySeconds: (user + nice + system + irq + softirq) / TICKS_PER_SECOND,
    stealSeconds: steal / TICKS_PER_SECOND,
  };
}

const CPUS = "/sys/devices/system/cpu";

/**
 * The number of times that CPUs went idle since boot, in any idle state (Documentation/admin-guide/pm/cpuidle.rst). The kernel
 * keeps it anyway, so reading slows nothing down. Null where no cpuidle driver is loaded.
 */
export function readIdleEntries(): number | null {
  const folders = readdirSync(CPUS).filter((name) => /^cpu\d+$/.test(name));
  const counts = folders.flatMap((cpu) =>
    statesOf(cpu).map((state) => Number(readFileSync(`${CPUS}/${cpu}/cpuidle/${state}/usage`, "utf8"))),
  );
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}

function statesOf(cpu: string): string[] {
  try {
    return readdirSync(`${CPUS}/${cpu}/cpuidle`).filter((name) => /^state\d+$/.test(name));
  } catch {
    return [];
  }
}

/** Reads of a block device since boot. */
interface DeviceReads {
  readonly bytes: number;
  readonly requests: number;
  /** From a request's start to its end, summed over requests; the kernel keeps it in steps of 1 ms. */
  readonly seconds: number;
}

/**
 * Reads of a device since boot. Null where it isn't in /proc/diskstats: the filesystem has no device (tmpfs, network), or
 * several (btrfs).
 *
 * @param device its numbers, for instance those of the mount that mountOf finds
 */
export function readDeviceReads(device: { readonly major: number; readonly minor: number }): DeviceReads | null {
  const lines = readFileSync("/proc/diskstats", "utf8").trimEnd().split("\n");
  const fields = lines
    .map((line) => line.trim().split(/ +/))
    .find(([major, minor]) => major === `${device.major}` && minor === `${device.minor}`);
  // Documentation/admin-guide/iostats.rst: after the name, reads completed, reads merged, sectors read, ms spent. A sector is 512 bytes.
  if (fields === undefined) return null;
  return { requests: Number(fields[3]), bytes: Number(fields[5]) * 512, seconds: Number(fields[6]) / 1000 };
}

/** Requests between two readings and the time that they took; null where one of the readings is. */
export function sinceDeviceReads(before: DeviceReads | null, after: DeviceReads | null): Omit<DeviceReads, "bytes"> | null {
  if (before === null || after === null) return null;
  return { requests: after.requests - before.requests, seconds: after.seconds - before.seconds };
}

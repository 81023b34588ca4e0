import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readText } from "../../linux/proc/text-file.js";

/** One energy counter: what it says, and where it starts again from 0. */
interface Counter {
  readonly microjoules: number;
  readonly rangeMicrojoules: number;
}

/** The counters of all processor packages at one moment, by zone. */
export type EnergyReading = ReadonlyMap<string, Counter>;

/**
 * Reads what the processor packages have used (Documentation/power/powercap/powercap.rst: RAPL, also of AMD). Null where the host has
 * no such counters, as in most virtual machines, or does not let this user read them (root alone may, since CVE-2020-8694).
 */
export function readEnergy(folder = "/sys/class/powercap"): EnergyReading | null {
  try {
    const zones = readdirSync(folder).filter((zone) => readText(join(folder, zone, "name"))?.startsWith("package"));
    const counters = zones.map((zone) => {
      const number = (file: string) => Number(readFileSync(join(folder, zone, file), "utf8"));
      return [zone, { microjoules: number("energy_uj"), rangeMicrojoules: number("max_energy_range_uj") }] as const;
    });
    return counters.length === 0 ? null : new Map(counters);
  } catch {
    return null;
  }
}

/** Joules between two readings. A counter that went down has started again from 0, once. */
export function joulesBetween(before: EnergyReading | null, after: EnergyReading | null): number | null {
  if (before === null || after === null) return null;
  let sum = 0;
  for (const [zone, { microjoules, rangeMicrojoules }] of after) {
    const was = before.get(zone)?.microjoules ?? microjoules;
    sum += microjoules >= was ? microjoules - was : microjoules + rangeMicrojoules - was;
  }
  return sum / 1e6;
}

import { AS_FOUND, type ReadaheadSetting } from "../../../results/index.js";

import type { Profile } from "../../run/profiles.js";
import { readaheadBackends } from "./backends.js";

/** The ways to set readahead: the side, or the means. */
export const knobs = ["mount", "device", "both", "init", "advice", "mmap"] as const;
export type Knob = (typeof knobs)[number];

/** The windows that can be asked for by default, in KiB: off, one page, and then doubled until 1 MiB. */
export const everyWindow = [0, 4, 16, 32, 64, 128, 256, 512, 1024];

/** The settings of a knob at each window; advice and mappings have no window. */
const settingsOfKnob: Readonly<Record<Knob, (windowsKiB: readonly number[]) => ReadaheadSetting[]>> = {
  mount: (windows) => windows.map((mountKiB) => ({ ...AS_FOUND, mountKiB })),
  device: (windows) => windows.map((deviceKiB) => ({ ...AS_FOUND, deviceKiB })),
  both: (windows) => windows.map((kiB) => ({ ...AS_FOUND, mountKiB: kiB, deviceKiB: kiB })),
  init: (windows) => windows.map((initKiB) => ({ ...AS_FOUND, initKiB })),
  advice: () => [{ ...AS_FOUND, advice: "random" }],
  mmap: () => [
    { ...AS_FOUND, access: "mmap" },
    { ...AS_FOUND, access: "mmap", advice: "random" },
  ],
};

/** Every setting of some knobs at some windows. The first one sets nothing. */
export function settingsOf(asked: readonly Knob[], windowsKiB: readonly number[]): ReadaheadSetting[] {
  return [AS_FOUND, ...asked.flatMap((knob) => settingsOfKnob[knob](windowsKiB))];
}

/** A profile with its backends and settings. */
export interface ReadaheadProfile extends Profile {
  readonly backends: readonly string[];
  readonly settings: readonly ReadaheadSetting[];
}

/** The profiles of `fusemeter readahead`: the price in minutes, or every window and knob in hours. */
export const readaheadProfiles: Readonly<Record<string, ReadaheadProfile>> = {
  quick: {
    backends: ["native", "fuse", "daemon-readahead", "passthrough"],
    workloads: ["seq-rd-1th-1f"],
    ioSizes: ["4KB"],
    caches: ["warm", "cold"],
    settings: [...settingsOf(["mount"], [0, 16, 512]), ...settingsOf(["device", "both"], [0]).slice(1)],
    blocks: 1,
    countedBlocks: 1,
    fileSize: "64MB",
    slices: { placements: ["one-core"], precisionPercent: 3, budgetMinutes: 2 },
  },
  full: {
    backends: readaheadBackends.map(({ name }) => name),
    workloads: ["seq-rd-1th-1f", "rnd-rd-1th-1f"],
    ioSizes: ["4KB", "32KB", "128KB", "1MB"],
    caches: ["warm", "cold"],
    settings: settingsOf(knobs, everyWindow),
    blocks: 5,
    countedBlocks: 1,
    fileSize: "1GB",
    slices: { placements: ["one-core", "scheduler"], precisionPercent: 2, budgetMinutes: 120 },
  },
};

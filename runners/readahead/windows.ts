import { writeFileSync } from "node:fs";
import { FusemeterError } from "../../errors.js";
import type { ReadaheadSetting } from "../../results/index.js";

import { readaheadKnobOf } from "../host/readahead.js";
import { setKnob } from "../knobs/knob.js";

/**
 * Sets the windows of a mount and of the block device below it, before the files are opened: an open file keeps the window
 * of that moment (`file_ra_state_init` in mm/readahead.c). Disposing puts the device's window back; the mount's ends with the
 * mount.
 *
 * @throws {FusemeterError} NO_WINDOW where the filesystem has no window
 */
export function setWindows({ mountKiB, deviceKiB }: ReadaheadSetting, mounted: string, source: string): Disposable {
  if (mountKiB !== null) writeFileSync(knobOf(mounted), String(mountKiB));
  return deviceKiB === null ? { [Symbol.dispose]() {} } : setKnob(knobOf(source), String(deviceKiB));
}

function knobOf(path: string): string {
  const knob = readaheadKnobOf(path);
  if (knob !== null) return knob;
  throw new FusemeterError({
    code: "NO_WINDOW",
    fault: "host",
    problem: `the filesystem at ${path} has no readahead window that can be set`,
    remedy: "give --directory DIR on a block device, with /sys mounted",
  });
}

import { existsSync, readFileSync, realpathSync } from "node:fs";
import { mountOf } from "../../linux/mounts/mountinfo.js";

/**
 * The kernel's file with the readahead window, in KiB, of the filesystem at a path: of the FUSE mount, or of the block device.
 * Null where there is none (overlayfs, tmpfs). Nothing inside the mount is touched.
 */
export function readaheadKnobOf(path: string): string | null {
  const { major, minor } = mountOf(path);
  const device = `${major}:${minor}`;
  const places = [
    // A partition has no queue of its own: the folder above is the disk's.
    `/sys/dev/block/${device}/queue/read_ahead_kb`,
    `/sys/dev/block/${device}/../queue/read_ahead_kb`,
    `/sys/class/bdi/${device}/read_ahead_kb`,
  ];
  const place = places.find((candidate) => existsSync(candidate));
  return place === undefined ? null : realpathSync(place);
}

/** The readahead window in KiB of the filesystem at a path, or null: see {@link readaheadKnobOf}. */
export function readaheadKiBOf(path: string): number | null {
  const knob = readaheadKnobOf(path);
  return knob === null ? null : Number(readFileSync(knob, "utf8"));
}

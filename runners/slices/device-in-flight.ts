import { existsSync } from "node:fs";
import { mountOf } from "../../linux/mounts/mountinfo.js";

/** The file with the requests that are under way at the block device of a directory; none for a filesystem without one. */
export function inFlightOfDevice(directory: string): string[] {
  const { major, minor } = mountOf(directory);
  const file = `/sys/dev/block/${major}:${minor}/inflight`;
  return existsSync(file) ? [file] : [];
}

import type { ReadaheadSetting } from "../../results/index.js";
import { formatWindow } from "../figures/formats.js";

/** A setting of readahead in a few words: `as found`, `mount off`, `both 64 KiB`, `mmap, MADV_RANDOM`. */
export function settingLabel({ mountKiB, initKiB, deviceKiB, access, advice }: ReadaheadSetting): string {
  const parts: string[] = [];
  if (mountKiB !== null && mountKiB === deviceKiB) parts.push(`both ${formatWindow(mountKiB)}`);
  else {
    if (mountKiB !== null) parts.push(`mount ${formatWindow(mountKiB)}`);
    if (deviceKiB !== null) parts.push(`device ${formatWindow(deviceKiB)}`);
  }
  if (initKiB !== null) parts.push(`INIT ${formatWindow(initKiB)}`);
  if (access === "mmap") parts.push("mmap");
  if (advice === "random") parts.push(access === "mmap" ? "MADV_RANDOM" : "POSIX_FADV_RANDOM");
  return parts.join(", ") || "as found";
}

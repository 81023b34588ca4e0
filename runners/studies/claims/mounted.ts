import { builtInBackend, withOptions } from "../../backends/backend.js";
import { type ServedMount, serve } from "../../backends/served-mount.js";

/** A mount of our daemon on given paths. @param options more options for its command */
export function mountAs(
  name: "fuse" | "passthrough",
  options: string,
  source: string,
  mountpoint: string,
  signal: AbortSignal,
): Promise<ServedMount> {
  return serve(withOptions(builtInBackend(name), options), { source, mountpoint }, "counted", signal);
}

/** READ requests of a mount so far; null where they can't be counted. */
export function readsOf({ daemon }: ServedMount): number | null {
  const requests = daemon?.requests?.read().requests ?? null;
  return requests === null ? null : (requests.READ ?? 0);
}

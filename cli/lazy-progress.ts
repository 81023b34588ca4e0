import type { LazyStatus } from "../lazy/control/index.js";

/** The number of reads in the line. */
const MOST_WAITS = 2;

/** The progress of a lazy mount in one line: arrived, and waited for by whom. */
export function lazyLine({ arrivedBytes, totalBytes, failures, waits }: LazyStatus): string {
  const percent = totalBytes === 0 ? 100 : Math.floor((arrivedBytes / totalBytes) * 100);
  const failed = failures.count === 0 ? "" : `, ${failures.count} failures (last: ${failures.last})`;
  const named = waits.slice(0, MOST_WAITS).map(({ path, offset, command, pid, waitedMs }) => {
    const reader = pid === 0 ? "the kernel" : `${command ?? "?"} (${pid})`;
    return `${reader} for ${path} at ${offset} since ${(waitedMs / 1000).toFixed(1)} s`;
  });
  const more = waits.length > MOST_WAITS ? [`${waits.length - MOST_WAITS} more`] : [];
  const waiting = waits.length === 0 ? "nobody waits" : `waiting: ${[...named, ...more].join(", ")}`;
  return `${megabytes(arrivedBytes)} of ${megabytes(totalBytes)} MB arrived (${percent} %)${failed}; ${waiting}`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

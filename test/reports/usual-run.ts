import type { Cell, Run } from "../../results/index.js";
import { cellOf, counted, runOf, timed } from "./run-of.js";

/** Mean latency in microseconds of a 4 KiB read, by backend and cache state; larger I/Os add 0.1 us per KiB. */
const latencyUs: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  native: { warm: 1, cold: 80 },
  "native-again": { warm: 1.01, cold: 81 },
  fuse: { warm: 35, cold: 120 },
  passthrough: { warm: 1.04, cold: 83 },
  "another-daemon": { warm: 28, cold: 110 },
};

/** Drift from block to block: one part is common to all backends, one is not. */
const drift = [1, 1.08, 0.95];
const jitter = [0.004, -0.006, 0.002, 0.005, -0.003];

const calls = (backend: string, requests: number) =>
  backend === "fuse" || backend === "another-daemon"
    ? { read: requests, pread64: requests, writev: requests }
    : backend === "passthrough"
      ? {}
      : null;

/** A run such as `fusemeter run` makes: five backends, two workloads, three I/O sizes, cold and warm, three blocks. */
export function usualRun(): Run {
  const cells: Cell[] = [];
  for (const workload of ["seq-rd-1th-1f", "rnd-rd-1th-1f"]) {
    for (const ioSizeBytes of [4096, 131072, 1048576]) {
      for (const cache of ["cold", "warm"] as const) {
        for (const [index, backend] of Object.keys(latencyUs).entries()) {
          const sequential = workload.startsWith("seq");
          const served = backend === "fuse" || backend === "another-daemon";
          const perRead = sequential ? ioSizeBytes / 131072 : Math.max(1, ioSizeBytes / 131072);
          const base = latencyUs[backend]![cache]! / (sequential ? 4 : 1) + (ioSizeBytes / 1024 - 4) * 0.1;
          // Half of each read's time, for the application and for a daemon: of 1000 reads.
          const cpuSeconds = {
            application: (base / 2) * 1e-3,
            daemon: served ? (base / 2) * 1e-3 : backend === "passthrough" ? 0 : null,
          };
          const noise = (block: number) => 1 + jitter[(block + index) % jitter.length]! * (cache === "cold" ? 10 : 1);
          cells.push(
            cellOf(backend, {
              workload,
              ioSizeBytes,
              cache,
              readaheadKiB: served ? 128 : 8192,
              samples: drift.map((factor, block) => timed(block, base * factor * noise(block), ioSizeBytes, { cpuSeconds })),
              counts: [
                counted(0, {
                  daemonCalls: calls(backend, Math.round(1000 * perRead)),
                  applicationFaults: 2,
                  switches: [served ? 1000 * perRead : 1, served ? 1000 * perRead : backend === "passthrough" ? 0 : null],
                  reads: served ? 1000 * perRead : backend === "passthrough" ? 0 : null,
                }),
              ],
            }),
          );
        }
      }
    }
  }
  return runOf(cells);
}

import { execa } from "execa";
import { onlineCpus } from "../../linux/proc/cpu-list.js";

/** The other work on the host while a run is measured. */
export const loads = ["quiet", "busy"] as const;
export type Load = (typeof loads)[number];

/** Keeps every core busy, or none: a loop that computes for each. Disposing ends them. */
export function startLoad(load: Load): AsyncDisposable {
  const cpus = load === "busy" ? onlineCpus() : [];
  const loops = cpus.map(() => execa("sh", ["-c", "while :; do :; done"], { reject: false, stdio: "ignore" }));
  return {
    async [Symbol.asyncDispose]() {
      for (const loop of loops) loop.kill("SIGKILL");
      await Promise.all(loops);
    },
  };
}

import { statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Backend } from "../../runners/backends/index.js";
import { makeWorkspace } from "../../runners/files/index.js";
import { serveFolders } from "../our-mount.js";
import { makeDataFile } from "./data-file.js";
import { makeRepository } from "./repository.js";
import type { Part } from "./steps.js";

/** The time for a daemon to start all of its threads: they would share the cores with the first step. */
const SETTLE_MS = 1000;

/** Longer than attributes are valid on our mounts: 1 s. */
const LATER_MS = 1100;

/** Operations a second, by the step's name. */
export type Rates = Readonly<Record<string, number>>;

/** Runs all parts over a fresh source, each on a fresh mount of a backend. */
export async function measureRates(backend: Backend, parts: readonly Part[], signal: AbortSignal): Promise<Rates> {
  await using files = await makeWorkspace(tmpdir());
  await using repository = await makeWorkspace(tmpdir());
  makeDataFile(files.source);
  await makeRepository(repository.source);
  const rates: Record<string, number> = {};
  for (const { tree, steps } of parts) {
    await using mount = await serveFolders(backend, tree === "files" ? files : repository, signal);
    // No cache of the kernel answers this: when it returns, the daemon serves.
    statfsSync(mount.path);
    await sleep(SETTLE_MS);
    for (const { name, run, isLater } of steps) {
      signal.throwIfAborted();
      if (isLater === true) await sleep(LATER_MS);
      const startMs = performance.now();
      const operations = run(mount.path);
      rates[name] = (operations / (performance.now() - startMs)) * 1000;
    }
  }
  return rates;
}

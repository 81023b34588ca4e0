import { mkdirSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { median } from "simple-statistics";
import { readRun } from "../../results/index.js";
import { fusemeter } from "../our-program.js";
import { faultyDaemon, soundDaemons } from "./faulty-daemon.js";

/** Makes a build whose program mounts with a fault, as --base and --head take it. @returns its directory */
function makeBuild(folder: string, name: string, fault: string): string {
  const directory = join(folder, name);
  mkdirSync(directory, { recursive: true });
  const line = faultyDaemon(fault).replace("{source} {mountpoint}", '"$@"');
  writeFileSync(join(directory, "serve"), `#!/bin/sh\nexec ${line}\n`, { mode: 0o755 });
  return directory;
}

/** Ten percent of a read's latency now, in ns: the median of a few short blocks. */
async function tenthOfReadNs(folder: string, signal: AbortSignal): Promise<number> {
  const out = join(folder, "look");
  try {
    const backends = ["--backends", "native", "--backend", `daemon=${soundDaemons.daemon}`];
    const grid = [
      "--workloads",
      "rnd-rd-1th-1f",
      "--sizes",
      "4KB",
      "--caches",
      "warm",
      "--file-size",
      "512MB",
      "--blocks",
      "5",
      "--no-slices",
    ];
    const { exitCode, stderr } = await fusemeter(["run", "--out", out, ...backends, ...grid], signal);
    if (exitCode !== 0) throw new Error(stderr);
    const { cells } = await readRun(out);
    const samples = cells.find(({ backend }) => backend === "daemon")?.samples ?? [];
    return Math.round(median(samples.flatMap((sample) => (sample.ok ? [sample.figures.latencyNs.mean] : []))) / 10);
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

/** Words for the gate: a head that is slower by ten percent a request than its base. */
export async function slowerHead(folder: string, signal: AbortSignal): Promise<readonly string[]> {
  const slower = `slow:${await tenthOfReadNs(folder, signal)}`;
  const builds = ["--base", makeBuild(folder, "base", "none"), "--head", makeBuild(folder, "head", slower)];
  return [...builds, "--serve", "{dir}/serve {source} {mountpoint}", "--workloads", "rnd-rd-1th-1f"];
}

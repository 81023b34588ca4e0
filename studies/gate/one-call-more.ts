import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type GateRun, runGate } from "../faults/gate.js";
import { type Fault, NO_FAULT, withFault } from "./preload.js";

/** Makes a build whose program mounts a daemon, as --base and --head take it. @returns its directory */
function makeBuild(folder: string, name: string, daemon: string, library: string, fault: Fault): string {
  const directory = join(folder, name);
  mkdirSync(directory, { recursive: true });
  const line = withFault(daemon, library, fault).replace("{source} {mountpoint}", '"$@"');
  writeFileSync(join(directory, "serve"), `#!/bin/sh\nexec ${line}\n`, { mode: 0o755 });
  return directory;
}

/** Runs `fusemeter gate` on a head that makes one system call more for each READ than its base. */
export function gateOneCallMore(folder: string, daemon: string, library: string, signal: AbortSignal): Promise<GateRun> {
  const base = makeBuild(folder, "base", daemon, library, NO_FAULT);
  const head = makeBuild(folder, "head", daemon, library, { spinNs: 0, calls: 1 });
  const words = ["--base", base, "--head", head, "--serve", "{dir}/serve {source} {mountpoint}"];
  return runGate(words, folder, signal);
}

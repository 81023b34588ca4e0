import { join } from "node:path";
import { execa } from "execa";
import { packageRoot } from "../../package-root.js";
import { shellQuoted } from "../../runners/processes/index.js";

/** The fault that is put into a daemon. */
export interface Fault {
  /** Nanoseconds that each READ spins on the CPU. */
  readonly spinNs: number;
  /** System calls more for each READ. */
  readonly calls: number;
}

export const NO_FAULT: Fault = { spinNs: 0, calls: 0 };

/** Compiles the library that puts faults into daemons. @returns its path, in the folder */
export async function compilePreload(folder: string): Promise<string> {
  const library = join(folder, "preload.so");
  const source = join(packageRoot(), "studies/gate/preload.c");
  await execa("cc", ["-O2", "-shared", "-fPIC", "-o", library, source, "-ldl"]);
  return library;
}

/** A line of shell that mounts a daemon with the library in it. A daemon without a fault has it too: the two differ in the fault alone. */
export function withFault(daemon: string, library: string, { spinNs, calls }: Fault): string {
  return `env LD_PRELOAD=${shellQuoted(library)} FUSEMETER_SPIN_NS=${spinNs} FUSEMETER_CALLS=${calls} ${daemon}`;
}

import { createHash } from "node:crypto";
import { cpus, release, totalmem } from "node:os";
import { mountOf } from "../../linux/mounts/mountinfo.js";
import { onlineCpus } from "../../linux/proc/cpu-list.js";
import type { Host } from "../../results/index.js";

import { fioVersion } from "../loads/fio/version.js";
import { fuseSupport } from "./fuse.js";
import { detectVirtualization } from "./virtualization.js";

/**
 * The facts of the machine behind the figures that a reader must know.
 *
 * @param directory the place of the test files
 * @throws {FusemeterError} NO_FIO or OLD_FIO
 */
export async function hostFacts(directory: string): Promise<Host> {
  const { type: filesystem, source: device } = mountOf(directory);
  const fuse = fuseSupport();
  const facts = {
    kernel: release(),
    cpu: cpus()[0]?.model.trim() || process.arch,
    cores: onlineCpus().length,
    memoryBytes: totalmem(),
    virtualization: await detectVirtualization(),
    filesystem,
    device,
    fioVersion: await fioVersion(),
    nodeVersion: process.version,
    fuse: { abi: null, passthrough: fuse.passthrough, ioUring: fuse.ioUring === "on" },
  };
  return { ...facts, fingerprint: fingerprintOf(facts) };
}

/**
 * Eight digits. Equal ones mean that two results may be compared as if they came from one host: same kernel, processor,
 * cores, memory to the GiB, virtualization, filesystem and device.
 */
function fingerprintOf(facts: Omit<Host, "fingerprint">): string {
  const { kernel, cpu, cores, memoryBytes, virtualization, filesystem, device } = facts;
  const comparable = [kernel, cpu, cores, Math.round(memoryBytes / 2 ** 30), virtualization, filesystem, device];
  return createHash("sha256").update(JSON.stringify(comparable)).digest("hex").slice(0, 8);
}

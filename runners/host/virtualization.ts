import { existsSync, readFileSync } from "node:fs";
import { execa } from "execa";

/**
 * The virtual machine or container of this host, as systemd-detect-virt(1) names it (`kvm`, `docker`, …). Without systemd it is
 * the type of the kernel's hypervisor, the machine's vendor, or just `hypervisor`. Null on bare metal.
 */
export async function detectVirtualization(): Promise<string | null> {
  // The machine first: a container on bare metal costs what bare metal costs.
  for (const kind of ["--vm", "--container"]) {
    const { stdout, exitCode } = await execa("systemd-detect-virt", [kind], { reject: false });
    if (exitCode === 0) return stdout.trim();
  }
  if (!/^flags\s*:.*\bhypervisor\b/m.test(readFileSync("/proc/cpuinfo", "utf8"))) return null;
  for (const file of ["/sys/hypervisor/type", "/sys/class/dmi/id/sys_vendor"]) {
    if (existsSync(file)) return readFileSync(file, "utf8").trim();
  }
  return "hypervisor";
}

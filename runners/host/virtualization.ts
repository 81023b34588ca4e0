import { execa } from "execa";
import { readText } from "../../linux/proc/text-file.js";

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
  if (!/^flags\s*:.*\bhypervisor\b/m.test(readText("/proc/cpuinfo") ?? "")) return null;
  for (const file of ["/sys/hypervisor/type", "/sys/class/dmi/id/sys_vendor"]) {
    const name = readText(file);
    if (name !== null) return name;
  }
  return "hypervisor";
}

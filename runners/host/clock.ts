import { readText } from "../../linux/proc/text-file.js";
import { type Check, check } from "./check.js";

/**
 * Clock sources that user space can't read, so that every clock_gettime(2) is a real system call: those without a
 * vdso_clock_mode in drivers/clocksource, arch/x86/kernel/hpet.c and kernel/time.
 */
const WITHOUT_VDSO = ["hpet", "acpi_pm", "pit", "jiffies", "refined-jiffies"];

const FOLDER = "/sys/devices/system/clocksource/clocksource0";

/** Checks that a program can read the clock without entering the kernel: fio reads it several times per I/O. */
export function checkClock(folder = FOLDER): Check {
  const { passed, failed } = check("clock without system calls", false);
  const current = readText(`${folder}/current_clocksource`);
  if (current === null) return failed("the kernel doesn't name its clock source", "mount sysfs on /sys");
  if (!WITHOUT_VDSO.includes(current)) return passed(`the clock source is ${current}, which is read in user space`);
  const others = (readText(`${folder}/available_clocksource`) ?? "").split(" ").filter((name) => !WITHOUT_VDSO.includes(name));
  const [better] = others.filter(Boolean);
  return failed(
    `the clock source is ${current}: each clock_gettime(2) is a system call of the application`,
    better === undefined ? "use a machine with a TSC that the kernel trusts" : `echo ${better} > ${folder}/current_clocksource`,
  );
}

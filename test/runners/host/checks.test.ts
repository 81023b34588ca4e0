import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { Errno } from "../../../linux/libc/errno.js";
import { attachCounters } from "../../../runners/counters/process-counters.js";
import { checkHost } from "../../../runners/host/checks.js";
import { checkClock } from "../../../runners/host/clock.js";

/** The one rule in which a kernel before 5.13 differs: it doesn't know inheritance by threads only. */
const kernel = vi.hoisted(() => ({ isOld: false }));

vi.mock("../../../linux/perf/perf-event.js", async (importOriginal) => {
  const real = await importOriginal<typeof import("../../../linux/perf/perf-event.js")>();
  const openPerfEvent: typeof real.openPerfEvent = (event, target) =>
    kernel.isOld && event.inherit === "threads" ? -Errno.EINVAL : real.openPerfEvent(event, target);
  return { ...real, openPerfEvent };
});

const folder = mkdtempSync(join(tmpdir(), "fusemeter-checks-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  kernel.isOld = false;
});

const describeAsRoot = process.getuid?.() === 0 || process.env.CI ? describe : describe.skip;

describeAsRoot("exact counters", () => {
  const counters = async () => (await checkHost(folder)).find(({ what }) => what === "exact counters")!;

  test("are there where those of a run's load open", async () => {
    expect(await counters()).toMatchObject({ ok: true });
  });

  test("are missing before Linux 5.13, and check and counters give the same reason", async () => {
    kernel.isOld = true;
    const { ok, why, remedy } = await counters();
    expect(ok).toBe(false);
    expect(why).toMatch(/inherit_thread.*Linux 5\.13/);
    expect(remedy).toMatch(/Linux 5\.13 or later/);
    using ofLoad = attachCounters(process.pid, "counted", "children");
    expect(ofLoad.read()).toMatchObject({ syscalls: null, reasons: { syscalls: why } });
    using ofDaemon = attachCounters(process.pid, "counted", "tree");
    expect(ofDaemon.read().reasons).toEqual({});
  });
});

test.each([
  ["tsc", "tsc hpet acpi_pm", true, null],
  ["hpet", "hpet acpi_pm", false, "TSC"],
  ["hpet", "tsc hpet acpi_pm", false, "echo tsc > "],
  ["acpi_pm", "kvm-clock acpi_pm", false, "echo kvm-clock > "],
])("the clock source %s of %s", (current, available, ok, remedy) => {
  const place = join(folder, `${current} of ${available}`);
  mkdirSync(place);
  writeFileSync(join(place, "current_clocksource"), `${current}\n`);
  writeFileSync(join(place, "available_clocksource"), `${available} \n`);
  const check = checkClock(place);
  expect(check).toMatchObject({ ok, why: expect.stringContaining(current) });
  if (remedy === null) expect(check.remedy).toBeNull();
  else expect(check.remedy).toContain(remedy);
});

test("a host that doesn't tell its clock source fails the check", () => {
  expect(checkClock("/nowhere")).toMatchObject({ ok: false });
});

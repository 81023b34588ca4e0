import { describe, expect, test } from "vitest";
import { nativeLoop, Pages } from "../../../linux/libc/native-loops.js";
import { pageSizeBytes } from "../../../linux/libc/page-size.js";
import { syscallNumber } from "../../../linux/libc/syscall-numbers.js";
import { inProcessUnits } from "../../../runners/calibrate/in-process.js";
import { Counter } from "../../../runners/counters/counter.js";
import { tracepointEvent } from "../../../runners/counters/scoped-counter.js";

/** The count of a tracepoint during a piece of work of this thread. */
function countOwn(tracepoint: string, work: () => void, filter?: string): number {
  const event = tracepointEvent(tracepoint);
  if ("unavailable" in event) throw new Error(event.unavailable);
  const own = { ...event, inherit: "none", enableOnExec: false, excludeKernel: false } as const;
  using counter = new Counter(own, [{ pid: process.pid }], filter);
  work();
  const reading = counter.read();
  if ("unavailable" in reading) throw new Error(reading.unavailable);
  return reading.value;
}

describe.skipIf(process.getuid?.() !== 0 && !process.env.CI)("the work that is timed is the work that is counted", () => {
  test("a loop of a million calls makes a million calls, and the loop beside it none", () => {
    const getppid = `id == ${syscallNumber("getppid")}`;
    expect(countOwn("raw_syscalls:sys_enter", nativeLoop("getppid", 1_000_000), getppid)).toBe(1_000_000);
    expect(countOwn("raw_syscalls:sys_enter", nativeLoop("getpagesize", 1_000_000))).toBeLessThan(5);
  });

  test.runIf(process.arch === "x64")("each fresh page faults once, a page that is there not at all", () => {
    const pages = new Pages(2000 * pageSizeBytes);
    // A fault may be V8's own: it has threads, but this counts one thread alone.
    expect(countOwn("exceptions:page_fault_user", () => pages.write())).toBeGreaterThanOrEqual(2000);
    expect(countOwn("exceptions:page_fault_user", () => pages.write())).toBeLessThan(50);
    pages.drop();
    const again = countOwn("exceptions:page_fault_user", () => pages.write());
    expect(again).toBeGreaterThanOrEqual(2000);
    expect(again).toBeLessThan(2050);
  });
});

test.each(inProcessUnits())("$name costs something", async ({ measure }) => {
  expect(await measure()).toBeGreaterThan(0);
});

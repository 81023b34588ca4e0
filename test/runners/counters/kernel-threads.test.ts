import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { KernelThreads } from "../../../runners/counters/kernel-threads.js";
import { readSystemFigures } from "../../../runners/counters/system-counters.js";

test("the kernel's own threads are told apart from everybody else", async () => {
  const threads = new KernelThreads();
  const before = readSystemFigures();
  // This thread is none of the kernel's: its CPU time must not be in the figure.
  const burnSeconds = 0.3;
  const { user, system } = process.cpuUsage();
  const burnt = () => {
    const now = process.cpuUsage();
    return (now.user - user + now.system - system) / 1e6;
  };
  while (burnt() < burnSeconds);
  await sleep(50);
  const figures = threads.read()!;
  const after = readSystemFigures();
  // RCU's thread alone switches many times a second.
  expect(figures.contextSwitches).toBeGreaterThan(0);
  expect(figures.contextSwitches).toBeLessThan(after.contextSwitches - before.contextSwitches);
  // /proc/stat counts in ticks of 10 ms a CPU.
  expect(figures.cpuSeconds).toBeLessThan(after.busySeconds - before.busySeconds - burnSeconds + 0.1);
});

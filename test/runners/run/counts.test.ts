import { expect, test } from "vitest";
import type { Tally } from "../../../results/schema.js";
import { minus } from "../../../runners/run/counts.js";

const whole: Tally = {
  ios: 1000,
  syscalls: { application: 4000, daemon: 3100 },
  userPageFaults: { application: 500, daemon: null },
  contextSwitches: { application: 12, daemon: 1003 },
  cpuSeconds: { application: 0.5, daemon: 0.25 },
  voluntarySwitches: { application: 11, daemon: 1001 },
  switchesToIdle: { application: 5, daemon: 7 },
  migrations: { application: 3, daemon: 2 },
  interrupts: { application: null, daemon: null },
  applicationSyscallsByName: { pread64: 1000, mmap: 40, other: 2960 },
  daemonSyscallsByName: null,
  requests: { READ: 1000, LOOKUP: 1, OPEN: 1 },
  answersBySize: { "4096": 990, "131072": 10 },
  deviceReadsBySize: null,
  idleEntries: 900,
};

const fixed: Tally = {
  ios: 1,
  syscalls: { application: 3001, daemon: 103 },
  userPageFaults: { application: 510, daemon: null },
  contextSwitches: { application: 2, daemon: 4 },
  cpuSeconds: { application: 0.25, daemon: 0.125 },
  voluntarySwitches: { application: 1, daemon: 2 },
  switchesToIdle: { application: 1, daemon: 2 },
  migrations: { application: 1, daemon: 0 },
  interrupts: { application: null, daemon: null },
  applicationSyscallsByName: { pread64: 1, mmap: 40, other: 2960, exit_group: 1 },
  daemonSyscallsByName: { read: 1 },
  requests: { READ: 1, LOOKUP: 1, OPEN: 1 },
  answersBySize: { "4096": 1 },
  deviceReadsBySize: null,
  idleEntries: 30,
};

test("the fixed part is taken out of every count; what is left is the cost of the I/Os between", () => {
  expect(minus(whole, fixed)).toEqual({
    ios: 999,
    syscalls: { application: 999, daemon: 2997 },
    // A short job may wobble below its fixed part; no count is less than nothing.
    userPageFaults: { application: 0, daemon: null },
    contextSwitches: { application: 10, daemon: 999 },
    cpuSeconds: { application: 0.25, daemon: 0.125 },
    voluntarySwitches: { application: 10, daemon: 999 },
    switchesToIdle: { application: 4, daemon: 5 },
    migrations: { application: 2, daemon: 2 },
    interrupts: { application: null, daemon: null },
    applicationSyscallsByName: { pread64: 999 },
    // Unknown on one side is unknown.
    daemonSyscallsByName: null,
    requests: { READ: 999 },
    answersBySize: { "4096": 989, "131072": 10 },
    deviceReadsBySize: null,
    // The whole machine's: its fixed part is nobody's.
    idleEntries: 900,
  });
});

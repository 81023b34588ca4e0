import { describe, expect, test } from "vitest";
import type { Counts } from "../../../results/index.js";
import { minus, noCounts } from "../../../runners/run/counts.js";
import { countsWith } from "../../reports/run-of.js";

const whole = countsWith({
  operations: 1000,
  syscalls: { application: 4000, daemon: 3100 },
  userPageFaults: { application: 500, daemon: null },
  contextSwitches: { application: 12, daemon: 1003 },
  cpuSeconds: { application: 0.5, daemon: 0.25 },
  voluntarySwitches: { application: 11, daemon: 1001 },
  switchesToIdle: { application: 5, daemon: 7 },
  migrations: { application: 3, daemon: 2 },
  interrupts: { application: null, daemon: null },
  syscallsByName: { application: { pread64: 1000, mmap: 40, other: 2960 }, daemon: null },
  requests: { READ: 1000, LOOKUP: 1, OPEN: 1 },
  answersBySize: { "4096": 990, "131072": 10 },
  deviceReadsBySize: null,
  idleEntries: 900,
});

const startup = countsWith({
  operations: 1,
  syscalls: { application: 3001, daemon: 103 },
  userPageFaults: { application: 510, daemon: null },
  contextSwitches: { application: 2, daemon: 4 },
  cpuSeconds: { application: 0.25, daemon: 0.125 },
  voluntarySwitches: { application: 1, daemon: 2 },
  switchesToIdle: { application: 1, daemon: 2 },
  migrations: { application: 1, daemon: 0 },
  interrupts: { application: null, daemon: null },
  syscallsByName: { application: { pread64: 1, mmap: 40, other: 2960, exit_group: 1 }, daemon: { read: 1 } },
  requests: { READ: 1, LOOKUP: 1, OPEN: 1 },
  answersBySize: { "4096": 1 },
  deviceReadsBySize: null,
  idleEntries: 30,
});

test("the startup overhead is taken out of every count; the cost of the I/Os between is left", () => {
  expect(minus(whole, startup).warnings).toEqual([]);
  expect(minus(whole, startup).counts).toEqual(
    countsWith({
      operations: 999,
      syscalls: { application: 999, daemon: 2997 },
      // A short job may wobble below its startup overhead; no count is less than nothing.
      userPageFaults: { application: 0, daemon: null },
      contextSwitches: { application: 10, daemon: 999 },
      cpuSeconds: { application: 0.25, daemon: 0.125 },
      voluntarySwitches: { application: 10, daemon: 999 },
      switchesToIdle: { application: 4, daemon: 5 },
      migrations: { application: 2, daemon: 2 },
      interrupts: { application: null, daemon: null },
      // Unknown on one side is unknown.
      syscallsByName: { application: { pread64: 999 }, daemon: null },
      requests: { READ: 999 },
      answersBySize: { "4096": 989, "131072": 10 },
      deviceReadsBySize: null,
      // The whole machine's: its startup overhead is nobody's.
      idleEntries: 900,
    }),
  );
});

const late = (part: Partial<Counts>): Counts => ({ ...startup, ...part });

describe("a startup overhead that was larger than the whole", () => {
  test("leaves an exact count unknown, and says so", () => {
    const { counts, warnings } = minus(
      { ...whole, syscalls: { application: 4000, daemon: 3500 } },
      late({ syscalls: { application: 3001, daemon: 3694 } }),
    );
    expect(counts.syscalls).toEqual({ application: 999, daemon: null });
    expect(warnings).toEqual(["daemon system calls: the startup overhead was larger than the whole (3694 > 3500): not known"]);
  });

  test.each<{ part: Partial<Counts>; left: unknown; says: RegExp }>([
    {
      part: { userPageFaults: { application: 900, daemon: null } },
      left: { application: null, daemon: null },
      says: /^application page faults: .* \(900 > 500\)/,
    },
    {
      part: { syscallsByName: { application: { mmap: 90 }, daemon: null } },
      left: { application: null, daemon: null },
      says: /^application system calls by name: .* \(mmap 90 > 40\)/,
    },
    { part: { requests: { READ: 1, LOOKUP: 40 } }, left: null, says: /^requests: .* \(LOOKUP 40 > 1\)/ },
    { part: { answersBySize: { "131072": 100 } }, left: null, says: /^answers by size: .* \(131072 100 > 10\)/ },
    {
      part: { contextSwitches: { application: 2, daemon: 2007 } },
      left: { application: 10, daemon: null },
      says: /^daemon context switches: .* \(2007 > 1003\)/,
    },
    {
      part: { cpuSeconds: { application: 0.25, daemon: 0.51 } },
      left: { application: 0.25, daemon: null },
      says: /^daemon CPU seconds: .* \(0.51 > 0.25\)/,
    },
  ])("is told of $part", ({ part, left, says }) => {
    const { counts, warnings } = minus(whole, late(part));
    expect(warnings).toEqual([expect.stringMatching(says)]);
    expect(counts[Object.keys(part)[0] as keyof Counts]).toEqual(left);
  });

  test("by a few calls, as startups vary, leaves nothing: a passthrough daemon makes no call", () => {
    const passthrough = { ...whole, syscalls: { application: 4000, daemon: 76 }, requests: { READ: 1 } };
    const { counts, warnings } = minus(passthrough, late({}));
    expect(counts.syscalls.daemon).toBe(0);
    // The job of one I/O looked its file up, opened and closed it just as this one did.
    expect(counts.requests).toEqual({});
    expect(warnings).toEqual([]);
  });

  test("by noise leaves nothing, of switches and of CPU time", () => {
    const { counts, warnings } = minus(
      { ...whole, contextSwitches: { application: 12, daemon: 1003 }, cpuSeconds: { application: 0.001, daemon: 0.25 } },
      late({ contextSwitches: { application: 39, daemon: 1500 }, cpuSeconds: { application: 0.011, daemon: 0.4 } }),
    );
    expect(counts.contextSwitches).toEqual({ application: 0, daemon: 0 });
    expect(counts.cpuSeconds).toEqual({ application: 0, daemon: 0 });
    expect(warnings).toEqual([]);
  });

  test("of the whole machine is a neighbour's", () => {
    const { counts, warnings } = minus(
      { ...whole, deviceReadsBySize: { "4096": 3 } },
      late({ deviceReadsBySize: { "4096": 900 } }),
    );
    expect(counts.deviceReadsBySize).toEqual({});
    expect(warnings).toEqual([]);
  });
});

test("a load without a startup overhead keeps all of its counts", () => {
  const known = countsWith({
    operations: 1000,
    syscalls: { application: 4000, daemon: null },
    requests: { READ: 1000 },
    idleEntries: 9,
  });
  expect(minus(known, noCounts())).toEqual({ counts: known, warnings: [] });
});

import { describe, expect, test } from "vitest";
import { type ClaimId, claims } from "../../../reports/claims/claims.js";
import { claimsReport } from "../../../reports/claims/claims-report.js";
import type { Evidence } from "../../../results/evidence.js";
import type { Cell, ReadaheadSetting } from "../../../results/index.js";
import { type CountedCosts, cellOf, counted, runOf, timed } from "../run-of.js";

const nothing: Evidence = { runs: [], storms: [], trials: {} };
const ids = claims.map(({ id }) => id);

function judge(id: ClaimId, evidence: Partial<Evidence>) {
  const [row] = claimsReport({ ...nothing, ...evidence }, [id], "");
  return row!;
}

const cell = (backend: string, meanUs: readonly number[], counts: CountedCosts, rest: Partial<Cell> = {}) =>
  cellOf(backend, { samples: meanUs.map((us, block) => timed(block, us)), counts: [counted(0, counts)], ...rest });

const withRun = (...cells: Cell[]): Partial<Evidence> => ({ runs: [runOf(cells)] });

describe("without evidence", () => {
  test.each(ids)("%s can't be tested, and it says why", (id) => {
    const { verdict, why, measured } = judge(id, {});
    expect(verdict).toBe("can't be tested here");
    expect(why).toMatch(/^because /);
    expect(measured.value).toBeNull();
  });
});

test("the command of a row repeats the options that were given", () => {
  expect(claimsReport(nothing, ["timeout"], " --profile full").map(({ command }) => command)).toEqual([
    "fusemeter claims --only timeout --profile full",
  ]);
});

const calls = (perRead: number): CountedCosts => ({ daemonCalls: { read: perRead * 1000 }, switches: [1000, 1000], reads: 1000 });
const passed: CountedCosts = { daemonCalls: {}, switches: [0, 0], reads: 0 };
const setOff: ReadaheadSetting = { mountKiB: 0, initKiB: null, deviceKiB: null, access: "read", advice: "none" };
const sequential = { workload: "seq-rd-1th-1f" };

describe("a claim with a number is held against the number", () => {
  test.each<[ClaimId, string, Partial<Evidence>, string, number]>([
    ["transitions", "three calls", withRun(cell("fuse", [40], calls(3))), "does not hold", 3],
    ["transitions", "two calls", withRun(cell("fuse", [40], calls(2))), "holds", 2],
    ["switches", "two switches", withRun(cell("fuse", [40], calls(3))), "holds", 2],
    ["open-decides", "no READ", withRun(cell("passthrough", [2], passed)), "holds", 0],
    ["open-decides", "a READ", withRun(cell("passthrough", [2], { ...passed, reads: 1 })), "does not hold", 1],
    ["full-cost-forever", "a READ a read", withRun(cell("fuse", [40], calls(3))), "holds", 1],
    ["overhead", "half lost", withRun(cell("native", [1, 1, 1], {}), cell("fuse", [2, 2, 2], calls(3))), "holds", 50],
    ["overhead", "95 % lost", withRun(cell("native", [1, 1, 1], {}), cell("fuse", [20, 20, 20], calls(3))), "does not hold", 95],
    [
      "amplification",
      "32 times",
      withRun(
        cell("fuse", [1], { reads: 31 }, sequential),
        cell("fuse", [9], { reads: 992 }, { ...sequential, readahead: setOff, readaheadKiB: 0 }),
      ),
      "holds",
      32,
    ],
    [
      "amplification",
      "30 times",
      withRun(
        cell("fuse", [1], { reads: 31 }, sequential),
        cell("fuse", [9], { reads: 930 }, { ...sequential, readahead: setOff, readaheadKiB: 0 }),
      ),
      "does not hold",
      30,
    ],
    [
      "readahead-off",
      "nine tenths lost",
      withRun(
        cell("fuse", [1], { ...calls(0.1), reads: 31 }, sequential),
        cell("fuse", [10], { ...calls(3), reads: 992 }, { ...sequential, readahead: setOff, readaheadKiB: 0 }),
      ),
      "holds",
      90,
    ],
    [
      "random-gains-most",
      "twenty times against two",
      withRun(
        cell("fuse", [40, 40], calls(3)),
        cell("passthrough", [2, 2], passed),
        cell("fuse", [4, 4], calls(0.1), sequential),
        cell("passthrough", [2, 2], passed, sequential),
      ),
      "holds",
      20,
    ],
  ])("%s: %s", (id, _what, evidence, verdict, value) => {
    const row = judge(id, evidence);
    expect(row.verdict, row.why).toBe(verdict);
    expect(row.measured.value).toBeCloseTo(value, 6);
  });
});

describe("large sequential reads: FUSE within 5 % of native", () => {
  const large = { ...sequential, cache: "cold", ioSizeBytes: 2 ** 20 } as const;
  const run = (...fuseUs: number[]) => withRun(cell("native", [100, 100, 100], {}, large), cell("fuse", fuseUs, calls(3), large));
  test.each<[string, number[], string]>([
    ["the interval lies above 95 %", [100, 101, 102], "holds"],
    ["the interval lies below 95 %", [140, 150, 160], "does not hold"],
    ["95 % lies inside the interval", [60, 110, 280], "can't be tested here"],
  ])("%s", (_what, fuseUs, verdict) => {
    const row = judge("sequential-needs-least", run(...fuseUs));
    expect(row.verdict, row.why).toBe(verdict);
  });
});

const trial = (what: string, works: boolean) => ({ what, works, reads: null, outcome: works ? "works" : "EINVAL" });

describe("a claim is held against trials", () => {
  const modes = (...works: boolean[]) => works.map((one, index) => trial(`mode ${index}`, one));
  test.each<[ClaimId, readonly boolean[], string, number]>([
    ["stacking", [true, true, false], "holds", 2],
    ["stacking", [true, true, true], "does not hold", 3],
    ["stacking", [false, true, false], "does not hold", 1],
    ["per-inode", [true, true, true], "holds", 3],
    ["per-inode", [true, false, true], "does not hold", 2],
    ["mixed-io", [false, true], "holds", 1],
    ["mixed-io", [true, true], "does not hold", 2],
    ["mixed-io", [false, false], "does not hold", 0],
  ])("%s: %j %s", (id, works, verdict, value) => {
    const row = judge(id, { trials: { [id]: modes(...works) } });
    expect(row).toMatchObject({ verdict, measured: { value } });
    expect(row.why).toContain(`mode 0: ${works[0] ? "works" : "EINVAL"}; mode 1:`);
  });

  test.each([
    ["an open in passthrough mode asks the daemon", { OPEN: 100, RELEASE: 100 }, "holds", 2],
    ["an open in passthrough mode asks nobody", {}, "does not hold", 0],
  ])("metadata: %s", (_what, requests, verdict, value) => {
    const storm = { cache: "bounded", calls: 100, requests };
    const storms = [
      { ...storm, call: "stat", mode: "daemon", requests: {} },
      { ...storm, call: "open", mode: "passthrough" },
    ];
    const row = judge("metadata", { storms });
    expect(row).toMatchObject({ verdict, measured: { value, unit: "requests an open, passthrough" } });
  });
});

test("the share of FUSE in a read is of this medium, and computed for others", () => {
  const evidence = withRun(cell("native", [1], {}), cell("fuse", [21], calls(3)), cell("native", [180], {}, { cache: "cold" }));
  const row = judge("latency-share", evidence);
  expect(row.measured.value).toBeCloseTo(10, 6);
  expect(row.verdict).toBe("holds");
  expect(row.why).toContain("16.7 % of a read from an SSD that answers in 100 us (computed)");
});

describe("more CPU time than native, always", () => {
  const cpu = (backend: string, seconds: readonly number[], rest: Partial<Cell>) => {
    const daemon = backend === "native" ? null : 0;
    const samples = seconds.map((application, block) => timed(block, 1, 4096, { cpuSeconds: { application, daemon } }));
    return cellOf(backend, { ...rest, samples });
  };
  const kinds = [
    { cache: "cold" },
    { cache: "warm" },
    { ...sequential, cache: "cold" },
    { ...sequential, cache: "warm" },
  ] as const;
  const judgeCpu = (...fuse: (readonly number[])[]) => {
    const cells = fuse.flatMap((seconds, index) => [
      cpu(
        "native",
        seconds.map(() => 0.001),
        kinds[index]!,
      ),
      cpu("fuse", seconds, kinds[index]!),
    ]);
    return judge("cpu-always", withRun(...cells));
  };
  const more = [0.004, 0.006];

  test.each([
    ["four kinds of reads take more", [more, more, more, more], "holds", 5],
    ["one kind takes less", [more, more, more, [0.0008, 0.0009]], "does not hold", 5],
    ["one kind can't be told", [more, more, more, [0.0009, 0.002]], "can't be tested here", 5],
    ["two kinds were not measured", [more, more], "can't be tested here", 5],
    ["two kinds were not measured, and one takes less", [more, [0.0008, 0.0009]], "does not hold", 2.925],
  ])("%s", (_what, fuse, verdict, value) => {
    const row = judgeCpu(...fuse);
    expect(row.verdict, row.why).toBe(verdict);
    expect(row.measured.value).toBeCloseTo(value, 6);
  });
});

describe("a class of the paper's", () => {
  const cold = { cache: "cold" } as const;
  const reads = (backend: string, rnd: readonly number[], seq: readonly number[]) => [
    cell(backend, rnd, {}, cold),
    cell(backend, seq, {}, { ...cold, ...sequential }),
  ];
  // There: random reads Yellow on the disk and Orange on the SSD, sequential ones Green on both.
  test.each([
    {
      what: "both agree",
      fuse: [
        [1.2, 1.21],
        [1.02, 1.03],
      ],
      again: null,
      verdict: "holds",
      value: 2,
    },
    {
      what: "one differs",
      fuse: [
        [10, 11],
        [1.02, 1.03],
      ],
      again: null,
      verdict: "does not hold",
      value: 1,
    },
    {
      what: "one can't be told from native",
      fuse: [
        [1.2, 1.21],
        [0.9, 1.1],
      ],
      again: null,
      verdict: "can't be tested here",
      value: null,
    },
    {
      what: "one lies inside the noise floor",
      fuse: [
        [1.2, 1.21],
        [1.02, 1.03],
      ],
      again: [1, 1.1],
      verdict: "can't be tested here",
      value: null,
    },
    {
      what: "one can't be told, and one differs",
      fuse: [
        [10, 11],
        [0.9, 1.1],
      ],
      again: null,
      verdict: "does not hold",
      value: 0,
    },
    { what: "one block was measured", fuse: [[1.2], [1.02]], again: null, verdict: "can't be tested here", value: null },
  ])("$what: $verdict", ({ fuse, again, verdict, value }) => {
    const native = fuse[0]!.map(() => 1);
    const evidence = withRun(
      ...reads("native", native, native),
      ...(again === null ? [] : reads("native-again", [1, 1], again)),
      ...reads("fuse", fuse[0]!, fuse[1]!),
    );
    const row = judge("paper-classes", evidence);
    expect(row.verdict, row.why).toBe(verdict);
    expect(row.measured.value).toBe(value);
    if (verdict === "can't be tested here") expect(row.why).toContain("here can't be told from native");
  });
});

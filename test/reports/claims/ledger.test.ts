import { describe, expect, test } from "vitest";
import { type ClaimId, claims } from "../../../reports/claims/claims.js";
import { ledger } from "../../../reports/claims/ledger.js";
import type { Evidence } from "../../../results/evidence.js";
import type { Cell, ReadaheadSetting } from "../../../results/schema.js";
import { type Counts, cellOf, counted, runOf, timed } from "../run-of.js";

const nothing: Evidence = { runs: [], storms: [], stacking: [], perInode: [], mixedIo: [] };
const ids = claims.map(({ id }) => id);

function judge(id: ClaimId, evidence: Partial<Evidence>) {
  const [row] = ledger({ ...nothing, ...evidence }, [id], "");
  return row!;
}

const cell = (backend: string, meanUs: readonly number[], counts: Counts, rest: Partial<Cell> = {}) =>
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

test("a row repeats itself with what it was asked with", () => {
  expect(ledger(nothing, ["timeout"], " --profile full").map(({ command }) => command)).toEqual([
    "fusemeter claims --only timeout --profile full",
  ]);
});

const calls = (perRead: number): Counts => ({ daemonCalls: { read: perRead * 1000 }, switches: [1000, 1000], reads: 1000 });
const passed: Counts = { daemonCalls: {}, switches: [0, 0], reads: 0 };
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

test("the share of a trip in a read is of this medium, and computed for others", () => {
  const evidence = withRun(cell("native", [1], {}), cell("fuse", [21], calls(3)), cell("native", [180], {}, { cache: "cold" }));
  const row = judge("latency-share", evidence);
  expect(row.measured.value).toBeCloseTo(10, 6);
  expect(row.verdict).toBe("holds");
  expect(row.why).toContain("16.7 % of a read from an SSD that answers in 100 us (computed)");
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

import { describe, expect, test } from "vitest";
import { changedHostState, hostStateOf } from "../../../reports/gate/host-state.js";
import type { Run } from "../../../results/index.js";
import { timed } from "../run-of.js";
import { entry, measured } from "./measured.js";

const run = measured();
const conditions = hostStateOf(run);

/** The verdict on the usual run, beside a baseline whose conditions are some factor apart. */
const beside = (change: { others?: number; native?: number }) =>
  changedHostState(run, {
    ...entry,
    conditions: {
      otherCpuSeconds: scaled(conditions.otherCpuSeconds, change.others ?? 1),
      nativeLatencyNs: scaled(conditions.nativeLatencyNs, change.native ?? 1),
    },
  });

function scaled(values: Readonly<Record<string, number>>, factor: number): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value * factor]));
}

test("the state of a host: native's median latency, and the CPU time of other processes beside each backend", () => {
  expect(Object.keys(conditions.nativeLatencyNs)).toEqual(["rnd-rd-1th-1f 4096 warm"]);
  expect(conditions.nativeLatencyNs["rnd-rd-1th-1f 4096 warm"]).toBeCloseTo(1000, -2);
  expect(Object.keys(conditions.otherCpuSeconds).toSorted()).toEqual([
    "mine rnd-rd-1th-1f 4096 warm",
    "native rnd-rd-1th-1f 4096 warm",
    "native-again rnd-rd-1th-1f 4096 warm",
  ]);
  // The system used 0.1 s beside the daemon, of which 0.002 s were the application's.
  for (const seconds of Object.values(conditions.otherCpuSeconds)) expect(seconds).toBeCloseTo(0.098, 6);
});

describe("times of two sittings can be compared", () => {
  test.each([
    { what: "in the same state", change: {} },
    { what: "with a little more of other processes now", change: { others: 1 / 1.24 } },
    { what: "with a little less", change: { others: 1.24 } },
    { what: "with native a little slower now", change: { native: 1 / 1.14 } },
    { what: "with native a little faster", change: { native: 1.14 } },
  ])("$what", ({ change }) => expect(beside(change)).toBeNull());

  test("at the bounds themselves: a quarter more or less of other processes, 15 percent of native", () => {
    // Binary fractions: 0.502 - 0.002 is 0.5, a quarter more than 0.4 and a fifth less than 0.625.
    const cells = run.cells
      .filter(({ backend }) => backend === "native")
      .map((cell) => ({
        ...cell,
        samples: [timed(0, 1.15, 4096, { cpuSeconds: { application: 0.002, daemon: null }, systemCpuSeconds: 0.502 })],
      }));
    const state = (others: number, native: number) =>
      changedHostState(
        { ...run, cells },
        {
          ...entry,
          conditions: {
            otherCpuSeconds: { "native rnd-rd-1th-1f 4096 warm": others },
            nativeLatencyNs: { "rnd-rd-1th-1f 4096 warm": native },
          },
        },
      );
    expect(state(0.4, 1150)).toBeNull();
    expect(state(0.625, 1150)).toBeNull();
    expect(state(0.5, 1000)).toBeNull();
    expect(state(0.39, 1150)).not.toBeNull();
    expect(state(0.63, 1150)).not.toBeNull();
  });

  test("where native of the baseline was measured elsewhere only", () => {
    expect(changedHostState(run, { ...entry, conditions: { ...conditions, nativeLatencyNs: { elsewhere: 9 } } })).toBeNull();
  });
});

describe("times of two sittings can't be compared", () => {
  test.each([
    { what: "with a quarter more of other processes now", change: { others: 1 / 1.26 }, says: "used 0.10 s of CPU time" },
    { what: "with a fifth less", change: { others: 1.26 }, says: "0.12 s when the baseline was taken" },
    { what: "with native slower now", change: { native: 1 / 1.16 }, says: "native itself takes 1.16x" },
    { what: "with native faster now", change: { native: 1.16 }, says: "native itself takes 0.86x" },
  ])("$what", ({ change, says }) => expect(beside(change)).toContain(says));

  test("with files of another size", () => {
    const other: Run = { ...run, request: { ...run.request, fileSizeBytes: 5 } };
    expect(changedHostState(other, entry)).toBe("its files had another size");
  });

  test("where nobody knows what other processes used, now or then", () => {
    expect(changedHostState(run, { ...entry, conditions: { ...conditions, otherCpuSeconds: {} } })).toContain("is not known");
  });
});

import { expect, test } from "vitest";
import { nsOfRounds, ratiosOfRounds } from "../../../reports/figures/slices.js";
import { cellOf } from "../run-of.js";
import { failedRound, slicesOf, takenRound } from "../slices-of.js";

const cellWith = (...rounds: readonly ReturnType<typeof takenRound>[]) =>
  cellOf("fuse", { slices: [{ placement: "one-core", rounds: [...rounds] }] });

test("the ratio of a round is the median of its turns, each a ratio of neighbours", () => {
  const reference = cellWith(takenRound(0, [100, 200, 400, 100]), takenRound(1, [100, 100]));
  // A drift that is common to both drops out; the last turn is disturbed.
  const cell = cellWith(takenRound(0, [110, 220, 440, 900]), takenRound(1, [120, 140]));
  expect(ratiosOfRounds(cell, reference, "one-core", "wall")).toEqual([
    { round: 0, value: 1.1 },
    { round: 1, value: expect.closeTo(1.3) },
  ]);
});

test("turns and rounds that one of the two lacks give no ratio", () => {
  const reference = cellWith(
    takenRound(0, [100, null, 0, 200]),
    failedRound(1, "gone"),
    takenRound(2, [100]),
    takenRound(3, [null]),
  );
  const cell = cellWith(takenRound(0, [null, 100, 100, 300]), takenRound(1, [100]), failedRound(2, "gone"), takenRound(3, [100]));
  expect(ratiosOfRounds(cell, reference, "one-core", "wall")).toEqual([{ round: 0, value: 1.5 }]);
  expect(ratiosOfRounds(cell, reference, "two-cores", "wall")).toEqual([]);
});

test("rounds are matched by their number, however many placements a cell has", () => {
  const cell = cellOf("fuse", { slices: [slicesOf("one-core", [300, 300]), slicesOf("two-cores", [200])] });
  const native = cellOf("native", {
    slices: [
      { placement: "two-cores", rounds: [takenRound(0, [100, 110, 90])] },
      { placement: "one-core", rounds: [takenRound(1, [100, 110, 90])] },
    ],
  });
  expect(ratiosOfRounds(cell, native, "one-core", "wall")).toEqual([{ round: 1, value: 3 }]);
  expect(ratiosOfRounds(cell, native, "two-cores", "wall")).toEqual([{ round: 0, value: 2 }]);
});

test("CPU time has ratios of its own, where it is known", () => {
  const known = takenRound(0, [100, 300]);
  const reference = cellWith({ ...known, cpuNsPerOperation: [50, 100] } as typeof known);
  expect(ratiosOfRounds(cellWith(known), reference, "one-core", "cpu")).toEqual([{ round: 0, value: 1.25 }]);
  const unknown = { ...known, cpuNsPerOperation: null } as typeof known;
  expect(ratiosOfRounds(cellWith(unknown), reference, "one-core", "cpu")).toEqual([]);
});

test("the time of an operation is the median of a round's turns", () => {
  const cell = cellWith(
    takenRound(0, [100, null, 300, 200]),
    failedRound(1, "gone"),
    takenRound(2, [0, null]),
    takenRound(3, [50]),
  );
  expect(nsOfRounds(cell, "one-core", "wall")).toEqual([
    { round: 0, value: 200 },
    { round: 3, value: 50 },
  ]);
  expect(nsOfRounds(cell, "one-core", "cpu")[0]).toEqual({ round: 0, value: 100 });
});

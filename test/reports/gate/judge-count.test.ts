import { describe, expect, test } from "vitest";
import { judgeCount } from "../../../reports/gate/judge-count.js";
import { backendCounts, cellCounts, DAEMON_SYSTEM_CALLS, requestCount } from "../../../reports/gate/metrics.js";

const counts = [...cellCounts, ...backendCounts, requestCount("READ")];

describe("a count", () => {
  test.each([
    { what: "equal", before: [3], now: [3.01], verdict: "same" },
    { what: "one more, seen once", before: [3], now: [4], verdict: "suspect" },
    { what: "one more, seen twice", before: [3], now: [4, 4.01], verdict: "worse" },
    { what: "one more in every 128 KiB alone", before: [0.031], now: [0.0625, 0.0625], verdict: "worse" },
    { what: "one fewer", before: [3], now: [2, 2], verdict: "better" },
    { what: "more in one run of two", before: [3], now: [3, 4], verdict: "suspect" },
    { what: "more in one run of three", before: [3], now: [3, 3, 4], verdict: "same" },
    { what: "fewer in one run of two", before: [3], now: [2, 3], verdict: "unknown" },
    { what: "not counted", before: [3], now: [], verdict: "unknown" },
  ])("$what: $verdict", ({ before, now, verdict }) => {
    expect(judgeCount({ metric: DAEMON_SYSTEM_CALLS, before, now }).verdict).toBe(verdict);
  });

  test("that does not repeat says in how many runs", () => {
    expect(judgeCount({ metric: DAEMON_SYSTEM_CALLS, before: [3], now: [2, 3, 4, 4.1] }).reason).toBe(
      "does not repeat: 3 of 4 counted runs are outside of the tolerance",
    );
  });

  test.each([
    { id: "descriptors left by an open", before: [0], now: [0.05], verdict: "same" },
    { id: "descriptors left by an open", before: [0.1], now: [0.05], verdict: "same" },
    { id: "daemon voluntary switches", before: [1.0], now: [1.2, 1.2], verdict: "same" },
    { id: "daemon voluntary switches", before: [1.0], now: [2.0, 2.0], verdict: "worse" },
    { id: "daemon user page faults", before: [0.17], now: [0.25, 0.25], verdict: "same" },
    { id: "daemon user page faults", before: [0.17], now: [0.28, 0.28], verdict: "worse" },
    { id: "READ requests", before: [0], now: [1, 1], verdict: "worse" },
    { id: "READ requests", before: [0.0313], now: [0.04, 0.04], verdict: "worse" },
    { id: "descriptors left by an open", before: [0], now: [1, 1], verdict: "worse" },
    { id: "descriptors left by an open", before: [0], now: [0.01, 0.01], verdict: "same" },
  ])("$id from $before to $now: $verdict", ({ id, before, now, verdict }) => {
    const metric = counts.find((candidate) => candidate.id === id)!;
    expect(judgeCount({ metric, before, now }).verdict).toBe(verdict);
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { annotations } from "../../../reports/gate/annotations.js";
import { decisionJson } from "../../../reports/gate/decision-json.js";
import { historyLine } from "../../../reports/gate/history-line.js";
import { junit } from "../../../reports/gate/junit.js";
import { bencherMetricFormat, benchmarkAction } from "../../../reports/gate/trackers.js";
import { writeDecision } from "../../../reports/gate/write-decision.js";
import { measured } from "./measured.js";
import { countRow, decisionOf, descriptorRow, successRow, timeRow } from "./rows.js";

const PLACE = "rnd-rd-1th-1f 4 KiB warm";

describe("JUnit", () => {
  test("a regression fails, a row that can't be told is skipped, the others say their figures", () => {
    const verdicts = ["worse", "suspect", "unknown", "better", "same"] as const;
    const xml = junit(decisionOf(verdicts.map((verdict) => countRow({ verdict }))));
    expect(xml.split("\n")).toEqual([
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites name="fusemeter gate" tests="5" failures="1" errors="0" skipped="2">',
      '  <testsuite name="fusemeter gate" tests="5" failures="1" errors="0" skipped="2">',
      ...[
        '<failure message="before 3.00, now 4.00 per I/O, allowed +0.060" type="regression"/>',
        '<skipped message="can&#39;t tell: before 3.00, now 4.00 per I/O, allowed +0.060"/>',
        '<skipped message="can&#39;t tell: before 3.00, now 4.00 per I/O, allowed +0.060"/>',
        "<system-out>before 3.00, now 4.00 per I/O, allowed +0.060</system-out>",
        "<system-out>before 3.00, now 4.00 per I/O, allowed +0.060</system-out>",
      ].map((body) => `    <testcase classname="mine ${PLACE}" name="daemon system calls">${body}</testcase>`),
      "  </testsuite>",
      "</testsuites>",
      "",
    ]);
  });

  test.each([
    { row: timeRow(), text: "before 20.0, now 22.0 us, now by before [1.080, 1.130], least 1.05" },
    { row: countRow({ now: null, interval: null, reason: "not counted" }), text: "before 3.00, now n/a per I/O: not counted" },
    { row: successRow(), text: "it broke" },
    { row: countRow({ before: 12345.6, reason: null }), text: "before 12345.60, now 4.00 per I/O, allowed +0.060" },
    { row: descriptorRow({ verdict: "worse" }), text: "before 0.00, now 0.00, allowed +0.050" },
  ])("says of a row: $text", ({ row, text }) => expect(junit(decisionOf([row]))).toContain(`"${text}"`));

  test("signs that XML can't hold become question marks; line ends and tabs are kept as references", () => {
    const xml = junit(decisionOf([successRow({ backend: 'a<b>&"', reason: "one\ttwo\nthree\r\u0000\u001b\ud800\uffff" })]));
    expect(xml).toContain('message="one&#9;two&#10;three&#13;????"');
    expect(xml).toMatch(/classname="a&lt;b&gt;&amp;&quot; rnd/);
  });
});

describe("annotations of GitHub", () => {
  test("an error for each regression, one warning for all rows that can't be told", () => {
    const rows = [countRow(), timeRow({ verdict: "suspect" }), countRow({ verdict: "unknown" }), descriptorRow()];
    expect(annotations(decisionOf(rows))).toEqual([
      `::error title=fusemeter gate::mine: ${PLACE}: daemon system calls: before 3.00, now 4.00 per I/O, allowed +0.060`,
      `::warning title=fusemeter gate::can't tell: mine: ${PLACE}: mean latency: before 20.0, now 22.0 us, now by before [1.080, 1.130], least 1.05 (and 1 more)`,
    ]);
    expect(annotations(decisionOf([timeRow({ verdict: "unknown" })]))[0]).not.toContain("more");
    expect(annotations(decisionOf([descriptorRow()]))).toEqual([]);
  });

  test("are ten errors at most: GitHub shows no more", () => {
    expect(annotations(decisionOf(new Array(12).fill(countRow())))).toHaveLength(10);
  });

  test("escape the signs that end a command", () => {
    const [line] = annotations(decisionOf([successRow({ reason: "50 %\r\nmore % \n" })]));
    expect(line).toContain("50 %25%0D%0Amore %25 %0A");
  });
});

describe("trackers of benchmarks", () => {
  const rows = [countRow(), timeRow({ verdict: "suspect" }), descriptorRow(), successRow(), countRow({ now: null })];

  test("github-action-benchmark gets each figure with its unit and its range", () => {
    expect(benchmarkAction(decisionOf(rows))).toEqual([
      {
        name: `mine: ${PLACE}: daemon system calls`,
        unit: "per I/O",
        value: 4,
        range: "4.000 to 4.010",
        extra: "verdict: worse",
      },
      { name: `mine: ${PLACE}: mean latency`, unit: "us", value: 22, range: "21.60 to 22.60", extra: "verdict: unknown" },
      {
        name: "mine: open and close: descriptors left by an open",
        unit: "1",
        value: 0,
        range: "0.000 to 0.000",
        extra: "verdict: same",
      },
    ]);
  });

  test("a figure without an interval, or without a value before, has no range", () => {
    const bare = [timeRow({ interval: null }), timeRow({ before: null })];
    for (const entry of benchmarkAction(decisionOf(bare))) expect(entry).not.toHaveProperty("range");
    const [metrics] = Object.values(bencherMetricFormat(decisionOf(bare)));
    expect(metrics).toEqual({ "mean-latency": { value: 22 } });
  });

  test("a slug has one sign between two words", () => {
    const metric = { ...countRow().metric, id: "Faults (of the daemon)" };
    const [metrics] = Object.values(bencherMetricFormat(decisionOf([countRow({ metric })])));
    expect(Object.keys(metrics!)).toEqual(["faults-of-the-daemon-"]);
  });

  test("Bencher gets a benchmark a place, with a metric a slug", () => {
    expect(bencherMetricFormat(decisionOf(rows))).toEqual({
      [`mine: ${PLACE}`]: {
        "daemon-system-calls": { value: 4, lower_value: 4, upper_value: 4.01 },
        "mean-latency": { value: 22, lower_value: 20 * 1.08, upper_value: 20 * 1.13 },
      },
      "mine: open and close": { "descriptors-left-by-an-open": { value: 0, lower_value: 0, upper_value: 0 } },
    });
  });
});

test("gate.json keeps the names that it had: the metric's id is `measure`, a time has its series", () => {
  const { rows, ...rest } = decisionJson(decisionOf([countRow(), timeRow()]), 1);
  expect(rest).toEqual({ verdict: "regression", exitCode: 1, notes: ["compared with something"], plannedBlocks: 7 });
  const { metric: _, time: __, ...count } = countRow();
  expect(rows[0]).toEqual({ ...count, measure: "daemon system calls", kind: "count" });
  expect(rows[1]).toMatchObject({
    measure: "mean latency",
    kind: "time",
    ratios: [1.1, 1.11],
    freshRatio: 1.09,
    floor: 1,
    obstacle: null,
  });
  expect(rows[1]).toMatchObject({ change: { ratio: 1.1, p: 0.0001 } });
});

test("a history keeps each figure under its name, and the commit", () => {
  const run = measured();
  const rows = [countRow(), timeRow(), successRow(), countRow({ now: null })];
  expect(historyLine(run, decisionOf(rows), "abc")).toEqual({
    schema: "fusemeter.history/1",
    at: run.startedAt,
    runId: run.id,
    commit: "abc",
    fingerprint: run.host.fingerprint,
    kernel: run.host.kernel,
    verdict: "regression",
    figures: [
      { name: `mine: ${PLACE}: daemon system calls`, kind: "count", unit: "per I/O", value: 4 },
      { name: `mine: ${PLACE}: mean latency`, kind: "time", unit: "us", value: 22 },
    ],
  });
});

test("all forms are written beside the result", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fusemeter-decision-"));
  try {
    const decision = decisionOf([countRow()]);
    await writeDecision(decision, 1, folder);
    expect(readdirSync(folder).toSorted()).toEqual([
      "gate.bencher.json",
      "gate.benchmark.json",
      "gate.json",
      "gate.junit.xml",
      "gate.md",
    ]);
    const read = (name: string) => readFileSync(join(folder, name), "utf8");
    expect(JSON.parse(read("gate.json"))).toEqual(decisionJson(decision, 1));
    expect(JSON.parse(read("gate.benchmark.json"))).toEqual(benchmarkAction(decision));
    expect(JSON.parse(read("gate.bencher.json"))).toEqual(bencherMetricFormat(decision));
    expect(read("gate.junit.xml")).toBe(junit(decision));
    expect(read("gate.md")).toMatch(/^### Gate: regression/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

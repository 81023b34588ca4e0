import { describe, expect, test } from "vitest";
import type { DecisionRow } from "../../../reports/gate/decision-row.js";
import { markdownDecision, terminalDecision } from "../../../reports/gate/table.js";
import { countRow, decisionOf, descriptorRow, successRow, timeRow } from "./rows.js";

/** The cells of the first row of the table. */
function cellsOf(row: DecisionRow): string[] {
  const line = terminalDecision(decisionOf([row])).split("\n")[6]!;
  return line.split("|").map((cell) => cell.trim());
}

describe("a row of the table", () => {
  test("of a count: its values, its range, its tolerance; it is not tested", () => {
    expect(cellsOf(countRow())).toEqual([
      "mine: rnd-rd-1th-1f 4 KiB warm",
      "daemon syscalls",
      "3.00",
      "4.00",
      "[4.00, 4.01]",
      "+0.060",
      "2+2",
      "",
      "WORSE",
    ]);
  });

  test("of a time: its values, the interval and the least effect in percent, and its p", () => {
    expect(cellsOf(timeRow())).toEqual([
      "mine: rnd-rd-1th-1f 4 KiB warm",
      "mean latency",
      "20.0 us",
      "22.0 us",
      "[+8.0%, +13%]",
      "+5.0%",
      "20",
      "<0.001",
      "WORSE",
    ]);
  });

  test("of a time that is compared with a baseline: ratios to native", () => {
    expect(cellsOf(timeRow({ unit: "x native", before: 16.6, now: 23.1 })).slice(2, 4)).toEqual(["16.6x", "23.1x"]);
  });

  test("of a cell that gives no sample any more", () => {
    expect(cellsOf(successRow()).slice(1)).toEqual(["samples that succeed", "n/a", "none", "n/a", "", "3", "", "WORSE"]);
  });

  test.each([
    { what: "one value", row: countRow({ interval: { low: 4, high: 4 } }), column: 4, text: "4.00" },
    { what: "no values", row: countRow({ now: null, interval: null }), column: 4, text: "n/a" },
    { what: "a large tolerance", row: countRow({ allowed: 0.75 }), column: 5, text: "+0.75" },
    { what: "one of more than 1", row: countRow({ allowed: 1.5 }), column: 5, text: "+1.50" },
    { what: "a tolerance of two digits", row: countRow({ allowed: 0.0994 }), column: 5, text: "+0.099" },
    { what: "one that two decimals show", row: countRow({ allowed: 0.0995 }), column: 5, text: "+0.10" },
    { what: "a faster one", row: timeRow({ interval: { low: 0.5, high: 0.951 } }), column: 4, text: "[-50%, -4.9%]" },
    { what: "none", row: timeRow({ interval: { low: 1, high: 1.0994 } }), column: 4, text: "[+0.0%, +9.9%]" },
    { what: "10 percent", row: timeRow({ interval: { low: 1.0996, high: 1.0996 } }), column: 4, text: "+10%" },
    { what: "p of one in a thousand", row: timeRow({ p: 0.001 }), column: 7, text: "0.001" },
    { what: "p of a half", row: timeRow({ p: 0.5 }), column: 7, text: "0.500" },
    { what: "better", row: timeRow({ verdict: "better" }), column: 8, text: "better" },
    { what: "as before", row: timeRow({ verdict: "same" }), column: 8, text: "ok" },
    { what: "suspected", row: timeRow({ verdict: "suspect" }), column: 8, text: "can't tell" },
    { what: "not known", row: timeRow({ verdict: "unknown" }), column: 8, text: "can't tell" },
  ])("$what: $text", ({ row, column, text }) => expect(cellsOf(row)[column]).toBe(text));
});

describe("the first line", () => {
  test("counts the metrics of each verdict, those that need a reader first", () => {
    const verdicts = ["same", "better", "same", "worse", "suspect", "unknown", "same"] as const;
    const [first] = terminalDecision(decisionOf(verdicts.map((verdict) => countRow({ verdict })))).split("\n");
    expect(first).toBe("Gate: regression (1 worse, 2 can't be told, 1 better, 3 ok)");
  });

  test("says so where nothing was compared", () => {
    const text = terminalDecision(decisionOf([], { verdict: "can't tell" }));
    expect(text).toMatch(/^Gate: can't tell \(nothing was compared\)\n\ncompared with something\n\n/);
    expect(text).not.toContain("metric");
  });
});

describe("the reasons", () => {
  test("stand once each, with the first two metrics that have them", () => {
    const rows = [
      timeRow({ verdict: "unknown", reason: "too noisy" }),
      countRow({ verdict: "unknown", reason: "too noisy", backend: "other" }),
      countRow({ verdict: "unknown", reason: "too noisy", backend: "third" }),
      successRow(),
      descriptorRow(),
    ];
    const text = terminalDecision(decisionOf(rows));
    expect(text).toContain(
      "  mine: rnd-rd-1th-1f 4 KiB warm: mean latency; other: rnd-rd-1th-1f 4 KiB warm: daemon system calls and 1 more: too noisy\n" +
        "  mine: rnd-rd-1th-1f 4 KiB warm: samples that succeed: it broke\n" +
        "  Counts per I/O:",
    );
    expect(text.match(/too noisy/g)).toHaveLength(1);
  });

  test("name both of two metrics, and no more", () => {
    const both = [timeRow({ reason: "why" }), countRow({ reason: "why" })];
    expect(terminalDecision(decisionOf(both))).toContain(
      "mean latency; mine: rnd-rd-1th-1f 4 KiB warm: daemon system calls: why\n",
    );
  });
});

describe("in Markdown", () => {
  test("rows that are ok are folded away, and counted", () => {
    const text = markdownDecision(decisionOf([countRow(), descriptorRow(), descriptorRow({ backend: "other" })]));
    const [shown, folded] = text.split("<details>") as [string, string];
    expect(shown).toMatch(/^### Gate: regression \(1 worse, 2 ok\)\n\ncompared with something\n\n\| place/);
    expect(shown).toContain("daemon syscalls");
    expect(shown).not.toContain("descriptors left");
    expect(folded).toContain("<summary>2 metrics are ok</summary>");
    expect(folded).toContain("descriptors left");
    expect(folded).not.toContain("daemon syscalls");
    expect(text.endsWith("\n")).toBe(true);
  });

  test("a part without content leaves nothing behind", () => {
    const text = markdownDecision(decisionOf([descriptorRow()], { verdict: "none slower" }));
    expect(text).not.toContain("\n\n\n");
    expect(text.indexOf("<details>")).toBeLessThan(text.indexOf("| place"));
    expect(markdownDecision(decisionOf([countRow()]))).not.toContain("<details>");
    expect(markdownDecision(decisionOf([successRow()]))).toContain(
      "\n- mine: rnd-rd-1th-1f 4 KiB warm: samples that succeed: it broke\n",
    );
  });
});

import { describe, expect, test } from "vitest";
import { type Comparison, compare } from "../../../reports/figures/comparison.js";
import { headline, verdicts } from "../../../reports/figures/verdict.js";
import { markdownReport } from "../../../reports/pages/markdown.js";
import { reportTables } from "../../../reports/pages/report-tables.js";
import { terminalSummary } from "../../../reports/pages/terminal-summary.js";
import { markdown, terminal } from "../../../reports/tables/table.js";
import type { Run } from "../../../results/index.js";
import { cellOf, counted, failed, runOf, timed } from "../run-of.js";
import { usualRun } from "../usual-run.js";

const three = (meanUs: number) => [timed(0, meanUs), timed(1, meanUs), timed(2, meanUs)];
const calls = { read: 1000, pread64: 1000, writev: 1000 };
const small = runOf([
  cellOf("native", { samples: three(1), counts: [counted(0, { switches: [1, null] })] }),
  cellOf("native-again", { samples: three(1) }),
  cellOf("fuse", { samples: three(35), counts: [counted(0, { daemonCalls: calls, switches: [1000, 1000], reads: 1000 })] }),
  cellOf("passthrough", { samples: three(1.1), counts: [counted(0, { daemonCalls: {}, switches: [1, 0], reads: 0 })] }),
]);

function recordOf(name: string, unavailable: string | null = null): Run["backends"][number] {
  return { name, kind: "command", command: name, unavailable };
}

/** A table by title as records of header and text. */
function table(comparison: Comparison, title: string): Record<string, string>[] {
  const [header, ...rows] = reportTables(comparison).find((candidate) => candidate.title === title)!.grid;
  return rows.map((row) => Object.fromEntries(row.map((text, column) => [header![column]!, text])));
}

describe("the tables", () => {
  test("of speed", () => {
    expect(table(compare(small), "Speed")).toEqual([
      line("native", "1,000,000", "3,906", "100", "-", "1.00", "0.900", "2.00"),
      line("native-again", "1,000,000", "3,906", "~100.0 [100.0, 100.0]", "-", "1.00", "0.900", "2.00"),
      line("fuse", "28,571", "112", "2.86 [2.86, 2.86]", "Red", "35.0", "31.5", "70.0"),
      line("passthrough", "909,091", "3,551", "90.9 [90.9, 90.9]", "Yellow", "1.10", "0.990", "2.20"),
    ]);
    function line(
      backend: string,
      operations: string,
      mebibytes: string,
      relative: string,
      paperClass: string,
      mean: string,
      p50: string,
      p99: string,
    ) {
      return {
        "workload, I/O size, cache": "rnd-rd-1th-1f 4 KiB warm",
        backend,
        "ops/s": operations,
        "MiB/s": mebibytes,
        "% of native": relative,
        class: paperClass,
        "mean us": mean,
        "p50 us": p50,
        "p99 us": p99,
        n: "3",
      };
    }
  });

  test("of costs: a figure that does not apply is a dash, a missing one is n/a with its reason, and neither is 0", () => {
    const comparison = compare(small);
    const rows = table(comparison, "Cost per operation");
    expect(
      rows.map((row) => [row.backend, row["app sys+pf"], row["daemon sys+pf"], row["daemon cs"], row.READs, row["CPU us"]]),
    ).toEqual([
      ["native", "1.00+0.00", "-", "-", "-", "2.00"],
      ["native-again", "n/a", "-", "-", "-", "2.00"],
      ["fuse", "1.00+0.00", "3.00+0.00", "1.00", "1.00", "n/a"],
      ["passthrough", "1.00+0.00", "0.00+0.00", "0.00", "0.00", "n/a"],
    ]);
    const notes = reportTables(comparison).flatMap(({ notes }) => notes);
    expect(notes).toContainEqual(
      "n/a: system calls of the application: no counted run was taken (native-again rnd-rd-1th-1f 4 KiB warm)",
    );
  });

  test("of the daemon's calls by name", () => {
    const uncounted = { ...small, cells: [...small.cells, cellOf("mine", {})], backends: [...small.backends, recordOf("mine")] };
    const rows = table(compare(uncounted), "The daemon's system calls");
    expect(rows.map((row) => [row.backend, row["daemon's system calls per operation"]])).toEqual([
      ["fuse", "read 1.00, pread64 1.00, writev 1.00"],
      ["passthrough", "none"],
      ["mine", "n/a"],
    ]);
  });

  test("of the paper's figures, from its raw results", () => {
    // rnd-rd-1th-1f, 4KB: HDD 243.3 (ext4), 219.8 (base), 219.1 (opt); SSD 4715.7, 3203.4, 2836.5 operations per second.
    expect(table(compare(small), "Beside the paper")).toEqual([
      {
        "workload, I/O size, cache": "rnd-rd-1th-1f 4 KiB warm",
        "here: fuse": "2.86 Red",
        "here: passthrough": "90.9 Yellow",
        "HDD stackfs-base": "90.3 Yellow",
        "HDD stackfs-opt": "90.1 Yellow",
        "SSD stackfs-base": "67.9 Orange",
        "SSD stackfs-opt": "60.2 Orange",
      },
    ]);
    const close = [timed(0, 0.99), timed(1, 1), timed(2, 1.02)];
    const undecided = compare(runOf([cellOf("native", { samples: three(1) }), cellOf("fuse", { samples: close })]));
    expect(table(undecided, "Beside the paper")[0]).toMatchObject({ "here: fuse": "~100.0", "SSD stackfs-opt": "60.2 Orange" });
    const other = runOf([cellOf("native", { samples: three(1), workload: "web-server" })]);
    expect(reportTables(compare(other)).map(({ title }) => title)).not.toContain("Beside the paper");
  });
});

describe("in a terminal", () => {
  test("keep within 130 columns, with the longest names that a run has", () => {
    const longest = "a-daemon-with-a-very-long-name-of-its-own";
    const run = usualRun();
    const named: Run = JSON.parse(JSON.stringify(run).replaceAll("another-daemon", longest).replaceAll("-1th-1f", "-32th-32f"));
    for (const { grid, align } of reportTables(compare(named)).slice(0, 2)) {
      const lines = terminal(grid, align).split("\n");
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(130);
      expect(new Set(lines.slice(1).map((line) => line.indexOf("|"))).size).toBe(1);
    }
  });

  test("the summary has the answer first, then the tables, the failures and the path of the report", () => {
    const run = {
      ...small,
      backends: [...small.backends, recordOf("mine", "no such command")],
    };
    const lines = terminalSummary(run, "/srv/run").split("\n");
    expect(lines.slice(0, 2)).toEqual(headline(compare(run)));
    expect(lines).toContain("failed: mine was left out: no such command");
    expect(lines.at(-1)).toBe("Report: /srv/run/report.html");
  });
});

test("signs of Markdown in a table's text are escaped", () => {
  expect(markdown([["a|b"], ["~1"]], ["l"])).toBe("| a\\|b |\n| :--- |\n| \\~1  |");
});

describe("verdicts", () => {
  test("give the time of a read, and the daemon's calls and switches for it", () => {
    expect(headline(compare(small))).toEqual([
      "Warm 4 KiB random reads, mean latency: native 1.00 us, fuse 35.0 us (35.0x), passthrough 1.10 us (1.10x).",
      "System calls and context switches of the daemon for one read: fuse 3.00 and 1.00, passthrough 0.00 and 0.00.",
    ]);
    expect(verdicts(compare(small))).toEqual([
      "Warm 4 KiB random reads, latency by native's: fuse 35.0x (35.0x to 35.0x); passthrough 1.10x (1.10x to 1.10x).",
    ]);
  });

  test("claim no difference where the ratio can't be told from 1", () => {
    const run = runOf([
      cellOf("native", { samples: three(1) }),
      cellOf("passthrough", { samples: [timed(0, 0.99), timed(1, 1), timed(2, 1.02)] }),
    ]);
    expect(verdicts(compare(run))[0]).toMatch(/passthrough can't be told from native: ~1\.00x \(0\.99x to 1\.02x\)/);
    expect(headline(compare(run))[0]).toMatch(/passthrough 1\.00 us \(~1\.00x\)/);
  });

  /** Several readers: their throughput follows from fio's run time, not from their mean latency. */
  const readers = (backend: string, meanUs: readonly number[], seconds: readonly number[]) =>
    cellOf(backend, { samples: meanUs.map((us, block) => timed(block, us, 4096, { seconds: seconds[block]! })) });

  test("judge latency by latency: of several readers throughput may be equal where latency is not", () => {
    const run = runOf([readers("native", [1, 1, 1], [1, 1, 1]), readers("fuse", [2, 2.1, 2.2], [0.9, 1, 1.1])]);
    const comparison = compare(run);
    expect(comparison.rows[1]).toMatchObject({ isUndecided: true, isLatencyUndecided: false });
    expect(verdicts(comparison)[0]).toContain("fuse 2.10x (2.00x to 2.20x)");
    expect(headline(comparison)[0]).toContain("fuse 2.10 us (2.10x)");
  });

  test("judge latency by latency: throughput may differ where latency can't be told", () => {
    const run = runOf([readers("native", [1, 1, 1], [1, 1, 1]), readers("fuse", [0.9, 1, 1.1], [2, 2.1, 2.2])]);
    const comparison = compare(run);
    expect(comparison.rows[1]).toMatchObject({ isUndecided: false, isLatencyUndecided: true });
    expect(verdicts(comparison)[0]).toContain("fuse can't be told from native: ~1.00x (0.90x to 1.10x)");
    expect(headline(comparison)[0]).toContain("fuse 1.00 us (~1.00x)");
  });

  test("hold latency against the noise of latency, not of throughput", () => {
    const run = runOf([
      readers("native", [1, 1, 1], [1, 1, 1]),
      readers("native-again", [1.3, 1.2, 1.4], [1, 1, 1]),
      readers("fuse", [1.2, 1.25, 1.3], [2, 2, 2]),
    ]);
    expect(verdicts(compare(run))[0]).toContain("fuse can't be told from native: ~1.25x (1.20x to 1.30x)");
  });

  test("say so where nothing can be compared", () => {
    const run = runOf([cellOf("native", { samples: [] }), cellOf("fuse", { samples: three(35) })]);
    expect(headline(compare(run))).toEqual(["No backend has a sample beside native's: nothing can be compared."]);
  });
});

describe("runs that are not whole", () => {
  const backends = ["native", "fuse", "passthrough"];
  test.each<{ what: string; run: Run; says: RegExp[] }>([
    {
      what: "one block",
      run: runOf(backends.map((name, index) => cellOf(name, { samples: [timed(0, index + 1)] }))),
      says: [/n = 1 gives no interval/, /\| +50\.0 \|/, /noise floor unknown: native was not measured twice/],
    },
    {
      what: "every sample of a backend failed",
      run: runOf([
        cellOf("native", { samples: three(1) }),
        cellOf("fuse", { samples: three(35).map((sample) => failed(sample, "the daemon ended (SIGKILL)")) }),
      ]),
      says: [/the daemon ended \(SIGKILL\) \(fuse rnd-rd-1th-1f 4 KiB warm, block 1, .* block 3\)/, /\| fuse +\| +n\/a/],
    },
    {
      what: "a backend that this host can't run",
      run: {
        ...small,
        backends: small.backends.map((record) =>
          record.name === "passthrough" ? { ...record, unavailable: "Linux 6.8 has no passthrough" } : record,
        ),
        cells: small.cells.filter(({ backend }) => backend !== "passthrough"),
      },
      says: [/passthrough was left out: Linux 6\.8 has no passthrough/],
    },
    {
      what: "stopped before a cell was reached",
      run: { ...small, complete: false, cells: small.cells.filter(({ backend }) => backend !== "passthrough") },
      says: [/the run was stopped before its end/, /\| passthrough +\| +n\/a \|.*\| +0 \|/],
    },
    {
      what: "counts that rest on few I/Os",
      run: runOf([cellOf("native", { samples: three(1), counts: [counted(0, {}, 499)] })]),
      says: [/counts rest on fewer than 500 operations: .* \(native rnd-rd-1th-1f 4 KiB warm\)/],
    },
    { what: "stopped before the first sample", run: { ...small, complete: false, cells: [] }, says: [/nothing can be compared/] },
    {
      what: "an outlier and a warning",
      run: runOf([
        cellOf("native", {
          samples: [1, 1.01, 0.99, 1.02, 9].map((us, block) => ({
            ...timed(block, us),
            warnings: ["the device's window could not be read"],
          })),
        }),
      ]),
      says: [
        /outlier, kept in every figure: native rnd-rd-1th-1f 4 KiB warm, block 5/,
        /the device's window could not be read \(.*block 1, .*block 2, .*block 3 and 2 more\)/,
      ],
    },
  ])("$what", ({ run, says }) => {
    const text = markdownReport(compare(run), []);
    for (const said of says) expect(text).toMatch(said);
    expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/);
    expect(terminalSummary(run, null)).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });
});

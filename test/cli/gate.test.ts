import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Run } from "../../results/index.js";
import { encodeRun } from "../../results/run.js";
import { program } from "../machine.js";
import { counted, failed, figuresOf } from "../reports/run-of.js";
import { usualRun } from "../reports/usual-run.js";

let folder: string;
const path = (...names: string[]) => join(folder, ...names);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fusemeter-gate-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fusemeter(command: string, words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const quiet = { GITHUB_ACTIONS: "", GITHUB_STEP_SUMMARY: "", GITHUB_SHA: "" };
  return execa(process.execPath, [program, command, ...words], { reject: false, cwd: folder, env: { ...quiet, ...env } });
}

const gate = (words: readonly string[], env?: Readonly<Record<string, string>>) => fusemeter("gate", words, env);

function writeResult(name: string, run: Run): string {
  mkdirSync(path(name));
  writeFileSync(path(name, "run.json"), JSON.stringify(encodeRun(run)));
  return path(name);
}

/** The usual run, with each count taken twice, and with so many system calls more for each READ of the daemon. */
function result(moreCalls = 0): Run {
  const run = usualRun();
  return {
    ...run,
    cells: run.cells.map((cell) => {
      if (cell.backend !== "fuse") return { ...cell, counts: [0, 1].map((block) => ({ ...cell.counts[0]!, block })) };
      const requests = figuresOf(cell.counts[0]!).requests!.READ!;
      const daemonCalls = { read: requests, pread64: requests, writev: requests * (1 + moreCalls) };
      return { ...cell, counts: [0, 1].map((block) => counted(block, { daemonCalls, switches: [1, 1], reads: requests })) };
    }),
  };
}

async function savedBaseline(): Promise<string> {
  const { exitCode, stderr } = await gate(["--save", path("baseline.json"), "--result", writeResult("before", result())]);
  expect(exitCode, stderr).toBe(0);
  return path("baseline.json");
}

/** The program's own lines about an error: Node may add a warning. */
function ownLines(stderr: string): string[] {
  return stderr.split("\n").filter((line) => line.startsWith("fusemeter:") || line.startsWith("error:"));
}

describe("bad use of gate", () => {
  test.each([
    [[], "--baseline FILE, --save FILE, or --base DIR --head DIR"],
    [["--baseline", "a", "--save", "b"], "compares with one thing"],
    [["--base", "."], "Give both"],
    [["--base", ".", "--head", "/nowhere"], "/nowhere does not exist"],
    [["--base", ".", "--head", ".", "--serve", "daemon {dir}"], "{source} and {mountpoint}"],
    [["--base", ".", "--head", ".", "--backends", "fuse"], "are the backends"],
    [["--baseline", "a", "--serve", "x {source} {mountpoint}"], "--backend NAME=COMMAND"],
    [["--baseline", "/nowhere.json"], "fusemeter gate --save"],
    [["--baseline", "a", "--measures", "counts,looks"], "counts, times"],
    [["--baseline", "a", "--budget", "0"], "above 0"],
    [["--baseline", "a", "--least-effect", "much"], "above 0"],
    [["--save", "b", "--result", "/nowhere"], "run.json"],
    [["--base", ".", "--head", ".", "--placements", "moon"], "one-core, two-cores, scheduler"],
  ])("%j: exit 2, one line that says %j", async (words, said) => {
    const { exitCode, stderr, stdout } = await gate(words);
    expect(stderr).toContain(said);
    expect(ownLines(stderr)).toHaveLength(1);
    expect(stdout).toBe("");
    expect(exitCode).toBe(2);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    { what: "a truncated baseline", text: '{"schema":"fusemeter.baseline/1","ent', words: "truncated" },
    { what: "a foreign one", text: '{"benchmarks":[]}', words: "no baseline of fusemeter" },
    { what: "one of another schema", text: '{"schema":"fusemeter.baseline/9","entries":[]}', words: "fusemeter.baseline/9" },
  ])("$what: exit 2, and it stays as it is, with --save too", async ({ text, words }) => {
    writeFileSync(path("b.json"), text);
    for (const use of [["--baseline"], ["--save"]]) {
      const { exitCode, stderr } = await gate([
        ...use,
        path("b.json"),
        "--result",
        existsSync(path("r")) ? path("r") : writeResult("r", result()),
      ]);
      expect(stderr).toContain(words);
      expect(ownLines(stderr)).toHaveLength(1);
      expect(exitCode).toBe(2);
    }
    expect(readFileSync(path("b.json"), "utf8")).toBe(text);
    expect(readdirSync(folder).toSorted()).toEqual(["b.json", "r"]);
    expect(readdirSync(path("r"))).toEqual(["run.json"]);
  });

  test.each([
    { what: "a truncated result", text: '{"schema":"fusemeter.run/1",', words: "truncated" },
    { what: "a foreign one", text: "[1]", words: "no result of fusemeter" },
    { what: "an older one", text: '{"schema":"fusemeter.run/0"}', words: "fusemeter.run/0" },
  ])("$what: exit 2", async ({ text, words }) => {
    const baseline = await savedBaseline();
    mkdirSync(path("bad"));
    writeFileSync(path("bad", "run.json"), text);
    const { exitCode, stderr } = await gate(["--baseline", baseline, "--result", path("bad")]);
    expect(stderr).toContain(words);
    expect(exitCode).toBe(2);
    expect(readdirSync(path("bad"))).toEqual(["run.json"]);
  });

  test("a host that the baseline holds nothing for: exit 3, and how to add it", async () => {
    const baseline = await savedBaseline();
    const run = result();
    const other = { ...run, host: { ...run.host, kernel: "5.15.0", fingerprint: "other" } };
    const { exitCode, stderr } = await gate(["--baseline", baseline, "--result", writeResult("other", other)]);
    expect(stderr).toContain("Linux 5.15");
    expect(stderr).toContain("--save");
    expect(exitCode).toBe(3);
    expect(readdirSync(path("other"))).toEqual(["run.json"]);
  });

  test("a sweep over readahead windows can't be judged: exit 2", async () => {
    const run = result();
    const readahead = { mountKiB: 0, initKiB: null, deviceKiB: null, access: "read", advice: "none" } as const;
    const cells = run.cells.map((cell) => ({ ...cell, readahead }));
    const { exitCode, stderr } = await gate(["--save", path("b.json"), "--result", writeResult("sweep", { ...run, cells })]);
    expect(stderr).toContain("readahead windows");
    expect(exitCode).toBe(2);
  });

  test("a result without counts and ratios is no baseline", async () => {
    const run = result();
    const cells = run.cells.filter(({ backend }) => backend === "native");
    const unknown = { application: null, daemon: null };
    const uncounted = cells.map((cell) => ({
      ...cell,
      counts: cell.counts.map((sample) => ({
        ...sample,
        figures: {
          ...figuresOf(sample),
          syscalls: unknown,
          userPageFaults: unknown,
          contextSwitches: unknown,
          requests: null,
        },
      })),
    }));
    const bare = writeResult("bare", { ...run, cells: uncounted });
    const { exitCode, stderr } = await gate(["--save", path("b.json"), "--result", bare]);
    expect(stderr).toContain("Run as root");
    expect(exitCode).toBe(3);
    expect(existsSync(path("b.json"))).toBe(false);
  });

  test("a result whose samples failed is no baseline", async () => {
    const run = result();
    const [first, ...rest] = run.cells;
    const broken = {
      ...run,
      cells: [{ ...first!, samples: [failed(first!.samples[0]!, "it broke")] }, ...rest],
    };
    const { exitCode, stderr } = await gate(["--save", path("b.json"), "--result", writeResult("broken", broken)]);
    expect(stderr).toContain("nothing was saved");
    expect(exitCode).toBe(3);
    expect(existsSync(path("b.json"))).toBe(false);
  });
});

describe("gate on results that are there", () => {
  const counts = ["--measures", "counts"];

  test("none slower: exit 0", async () => {
    const baseline = await savedBaseline();
    const { exitCode, stdout } = await gate(["--baseline", baseline, ...counts, "--result", writeResult("now", result())]);
    expect(stdout).toMatch(/^Gate: none slower \(\d+ ok\)/);
    expect(stdout).toContain("Counts alone are compared");
    expect(exitCode).toBe(0);
  });

  test("a system call more: exit 1, in every form that CI reads", async () => {
    const baseline = await savedBaseline();
    const now = writeResult("now", result(1));
    const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: path("summary.md"), GITHUB_SHA: "abc123" };
    const { exitCode, stdout, stderr } = await gate(["--baseline", baseline, ...counts, "--result", now], env);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("WORSE");
    expect(stderr).toMatch(/^::error title=fusemeter gate::fuse: .*daemon system calls/m);
    expect(readFileSync(path("summary.md"), "utf8")).toContain("### Gate: regression");

    const read = (name: string) => readFileSync(join(now, name), "utf8");
    const decision = JSON.parse(read("gate.json"));
    expect(decision).toMatchObject({ verdict: "regression", exitCode: 1 });
    const xml = read("gate.junit.xml");
    const { exitCode: wellFormed, stderr: complaint } = await execa(
      "python3",
      ["-c", "import sys, xml.dom.minidom as m; m.parseString(sys.stdin.read())"],
      { input: xml, reject: false },
    );
    expect(wellFormed, complaint).toBe(0);
    expect(xml.match(/<failure /g)).toHaveLength(
      decision.rows.filter(({ verdict }: { verdict: string }) => verdict === "worse").length,
    );
    for (const metric of JSON.parse(read("gate.benchmark.json"))) {
      expect(metric).toMatchObject({ name: expect.any(String), unit: expect.any(String), value: expect.any(Number) });
    }
    const [measures] = Object.values(JSON.parse(read("gate.bencher.json"))) as Record<string, object>[];
    expect(measures!["daemon-system-calls"]).toMatchObject({ value: expect.any(Number), lower_value: expect.any(Number) });

    const [line] = readFileSync(path("results/history.jsonl"), "utf8").trimEnd().split("\n");
    expect(JSON.parse(line!)).toMatchObject({ schema: "fusemeter.history/1", commit: "abc123", verdict: "regression" });
  });

  test("a regression is one, also where nobody reads the table", async () => {
    const baseline = await savedBaseline();
    const words = ["--baseline", baseline, ...counts, "--result", writeResult("now", result(1))];
    // Standard output is closed before the gate has anything to say.
    const line = 'trap "" PIPE; { "$@"; echo "exit $?" >&2; } | exec >&-';
    const { stderr } = await execa("bash", ["-c", line, "bash", process.execPath, program, "gate", ...words], {
      cwd: folder,
      env: { GITHUB_STEP_SUMMARY: path("summary.md") },
    });
    expect(stderr).toMatch(/^exit 1$/m);
    expect(readFileSync(path("summary.md"), "utf8")).toContain("### Gate: regression");
    expect(existsSync(path("now", "gate.json"))).toBe(true);
  });

  test("a summary that can't be written is a warning", async () => {
    const baseline = await savedBaseline();
    const words = ["--baseline", baseline, ...counts, "--result", writeResult("now", result())];
    const { exitCode, stderr } = await gate(words, { GITHUB_STEP_SUMMARY: path("absent", "summary.md") });
    expect(stderr).toMatch(/^fusemeter: warning: .*GITHUB_STEP_SUMMARY.*ENOENT/m);
    expect(exitCode).toBe(0);
  });

  test("--json prints the decision", async () => {
    const baseline = await savedBaseline();
    const words = ["--baseline", baseline, ...counts, "--result", writeResult("now", result()), "--history", "none", "--json"];
    const { stdout } = await gate(words);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: "none slower", exitCode: 0 });
    expect(existsSync(path("results"))).toBe(false);
  });
});

describe("trend", () => {
  test("finds the run at which a figure took a step, and draws it", async () => {
    const line = (index: number) => ({
      schema: "fusemeter.history/1",
      at: `2026-01-${String(index + 1).padStart(2, "0")}T00:00:00Z`,
      runId: String(index),
      commit: `commit${index}`,
      fingerprint: "f",
      kernel: "6.18.0",
      verdict: "none slower",
      figures: [{ name: "fuse: daemon system calls", kind: "count", unit: "per I/O", value: (index < 8 ? 3 : 4) + index / 1000 }],
    });
    writeFileSync(path("h.jsonl"), Array.from({ length: 16 }, (_, index) => `${JSON.stringify(line(index))}\n`).join(""));
    const { stdout, exitCode } = await fusemeter("trend", ["--history", path("h.jsonl"), "--picture", path("trend.png")]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("3.00 -> 4.01 at commit8");
    expect(readFileSync(path("trend.png")).subarray(1, 4).toString()).toBe("PNG");
  });

  test("without a history: exit 2 and who writes one", async () => {
    const { stderr, exitCode } = await fusemeter("trend", []);
    expect(stderr).toContain("fusemeter gate write one");
    expect(exitCode).toBe(2);
  });
});

describe("compare", () => {
  test("a column a result, ~ where nothing can be said, the change where something can", async () => {
    const before = writeResult("before", result());
    const after = writeResult("after", result(1));
    const { stdout, exitCode } = await fusemeter("compare", [before, after]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("before");
    expect(stdout).toMatch(/rnd-rd-1th-1f 4 KiB warm fuse +\|.*~ \(p=1\.000 n=3\+3\)/);
    expect(stdout).toMatch(/rnd-rd-1th-1f 4 KiB warm fuse +\| +3\.00 \| +4\.00 \| +\+1\.00/);
  });

  test.each([[["--figure", "looks", "x"]], [[]], [["/nowhere"]]])("%j: exit 2", async (words) => {
    expect((await fusemeter("compare", words)).exitCode).toBe(2);
  });
});

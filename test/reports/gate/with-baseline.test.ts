import { describe, expect, test } from "vitest";
import type { Compared } from "../../../reports/gate/compared.js";
import { entryOf } from "../../../reports/gate/entry.js";
import { requestIds } from "../../../reports/gate/metrics.js";
import { comparedWithBaseline } from "../../../reports/gate/with-baseline.js";
import type { BaselineEntry, Run } from "../../../results/index.js";
import { failed } from "../run-of.js";
import { entry, measured } from "./measured.js";

const compare = (run: Run, before: BaselineEntry = entry) => comparedWithBaseline(run, before, "counts and times", null);

/** The values of one count of the daemon, before and now; undefined where it was not compared. */
function countOf({ counts }: Compared, id: string, backend = "mine") {
  const found = counts.find((one) => one.backend === backend && one.metric.id === id);
  return found && { before: found.before, now: found.now };
}

/** The baseline with other counts in its cell of the daemon. */
function withCounts(counts: Readonly<Record<string, number[]>>): BaselineEntry {
  return { ...entry, cells: entry.cells.map((cell) => (cell.backend === "mine" ? { ...cell, counts } : cell)) };
}

/** The run with other requests in the counted runs of the daemon. */
function withRequests(requests: Record<string, number> | null): Run {
  const run = measured();
  const cells = run.cells.map((cell) => {
    if (cell.backend !== "mine") return cell;
    return { ...cell, counts: cell.counts.map((one) => (one.ok ? { ...one, figures: { ...one.figures, requests } } : one)) };
  });
  return { ...run, cells };
}

describe("requests of an opcode", () => {
  test("that only the run has were 0 before, in a baseline that counted requests", () => {
    const { "READ requests": _, ...counts } = entry.cells.find(({ backend }) => backend === "mine")!.counts;
    expect(countOf(compare(measured(), withCounts(counts)), "READ requests")).toEqual({ before: [0, 0], now: [1, 1] });
  });

  test("were not 0 before but unknown, in a baseline that counted no requests", () => {
    expect(countOf(compare(measured(), withCounts({ "daemon voluntary switches": [1] })), "READ requests")).toBeUndefined();
  });

  test("are counted where another opcode is, even without system calls", () => {
    const found = countOf(compare(measured(), withCounts({ "WRITE requests": [3] })), "READ requests");
    expect(found).toEqual({ before: [0], now: [1, 1] });
  });

  test("that only the baseline has are 0 now", () => {
    expect(countOf(compare(withRequests({})), "READ requests")).toEqual({ before: [1, 1], now: [0, 0] });
  });

  test("are not known now where the run counted no requests", () => {
    expect(countOf(compare(withRequests(null)), "READ requests")).toEqual({ before: [1, 1], now: [] });
  });

  test("that are rare are nobody's cost; one in a hundred is", () => {
    expect(countOf(compare(withRequests({ READ: 1000, STATFS: 5 })), "STATFS requests")).toBeUndefined();
    expect(countOf(compare(withRequests({ READ: 1000, STATFS: 10 })), "STATFS requests")).toEqual({
      before: [0, 0],
      now: [0.01, 0.01],
    });
  });

  test("belong to daemons: native has none", () => {
    expect(
      compare(measured())
        .counts.filter(({ backend }) => backend === "native")
        .map(({ metric }) => metric.id),
    ).toEqual(["application system calls"]);
  });
});

test("the opcodes of an entry stand in the order of the alphabet", () => {
  const [cell] = entryOf(withRequests({ WRITE: 5, READ: 9, GETATTR: 7 }), new Date(0)).cells.slice(1);
  expect(Object.keys(cell!.counts).slice(-3)).toEqual(["GETATTR requests", "READ requests", "WRITE requests"]);
});

test("only a whole id is one of requests", () => {
  expect(requestIds.opcodeIn("READ requests")).toBe("READ");
  expect(requestIds.opcodeIn("all READ requests")).toBeUndefined();
  expect(requestIds.opcodeIn("READ requests again")).toBeUndefined();
});

test("a run without native has no times to compare", () => {
  const run = measured();
  const cells = run.cells.filter(({ backend }) => backend === "mine");
  for (const { change, now } of compare({ ...run, cells }).times) expect([change, now]).toEqual([null, null]);
});

test("a name that this version does not know is not compared", () => {
  const all = compare(measured(), withCounts({ "daemon system calls": [3, 3], "daemon miracles": [1] }));
  expect(all.counts.map(({ metric }) => metric.id)).not.toContain("daemon miracles");
});

describe("a run may be asked for less than the baseline holds", () => {
  const run = measured();
  const asked = (change: Partial<Run["request"]>) =>
    compare({ ...run, request: { ...run.request, ...change }, cells: [] }).success.map(({ backend }) => backend);
  test("all of it is missed where it was asked for", () => expect(asked({})).toEqual(["native", "mine"]));
  test.each([
    { what: "another backend", change: { backends: [{ name: "native", command: null }] }, missed: ["native"] },
    { what: "another workload", change: { workloads: ["seq-rd-1th-1f"] }, missed: [] },
    { what: "another I/O size", change: { ioSizesBytes: [131072] }, missed: [] },
    { what: "another cache state", change: { caches: ["cold"] as Run["request"]["caches"] }, missed: [] },
  ])("$what", ({ change, missed }) => expect(asked(change)).toEqual(missed));

  test("the reason for which a backend is missing is said", () => {
    const backends = run.backends.map((record) => (record.name === "mine" ? { ...record, unavailable: "no /dev/fuse" } : record));
    const cells = run.cells.filter(({ backend }) => backend !== "mine");
    const { success } = compare({ ...run, backends, cells });
    expect(success.find(({ backend }) => backend === "mine")).toMatchObject({ tried: 0, failed: 0, failure: "no /dev/fuse" });
    expect(compare({ ...run, cells }).success.at(-1)).toMatchObject({ failure: "it is not in this run" });
    expect(compare({ ...run, cells: [], backends: [] }).success.at(-1)).toMatchObject({ failure: "it is not in this run" });
  });
});

test("the samples of a cell, and those that failed, are counted over timed and counted runs", () => {
  const run = measured();
  const cells = run.cells.map((cell) => {
    if (cell.backend !== "mine") return cell;
    return {
      ...cell,
      samples: cell.samples.map((sample, index) => (index < 2 ? failed(sample, `failure ${index}`) : sample)),
      counts: cell.counts.map((sample, index) => (index === 0 ? failed(sample, "uncounted") : sample)),
    };
  });
  expect(compare({ ...run, cells }).success.find(({ backend }) => backend === "mine")).toEqual({
    backend: "mine",
    place: "rnd-rd-1th-1f 4 KiB warm",
    tried: 22,
    failed: 3,
    failedRounds: 0,
    failure: "failure 0",
  });
});

describe("times", () => {
  test("of daemons are compared, as ratios to native; native's own are not", () => {
    const { times } = compare(measured({ latencyFactor: 1.2 }));
    expect(times.map(({ backend, metric }) => `${backend} ${metric.id}`)).toEqual(["mine mean latency", "mine CPU time"]);
    const [latency] = times;
    expect(latency).toMatchObject({ unit: "x native", obstacle: null, freshRatio: null, place: "rnd-rd-1th-1f 4 KiB warm" });
    expect(latency!.before).toBeCloseTo(20, 0);
    expect(latency!.now! / latency!.before!).toBeCloseTo(1.2, 6);
    expect(latency!.change!.ratio).toBeCloseTo(1.2, 6);
  });

  test("of fresh blocks alone tell the fresh ratio, from the first fresh block on", () => {
    const run = measured();
    const slow = measured({ latencyFactor: 2 });
    const cells = run.cells.map((cell, index) => ({
      ...cell,
      samples: cell.samples.map((sample) => (sample.block >= 12 ? slow.cells[index]!.samples[sample.block]! : sample)),
    }));
    const ratioFrom = (block: number) =>
      comparedWithBaseline({ ...run, cells }, entry, "counts and times", block).times[0]!.freshRatio!;
    expect(ratioFrom(12)).toBeCloseTo(2, 1);
    expect(ratioFrom(0)).toBeLessThan(1.9);
    expect(ratioFrom(19)).toBeGreaterThan(1.9);
    expect(comparedWithBaseline({ ...run, cells }, entry, "counts and times", 20).times[0]!.freshRatio).toBeNull();
  });

  test("that the baseline lacks have no change and no fresh ratio", () => {
    const cells = entry.cells.map((cell) => ({ ...cell, timesToNative: {} }));
    const { times } = comparedWithBaseline(measured(), { ...entry, cells }, "counts and times", 10);
    expect(times[0]).toMatchObject({ before: null, change: null, freshRatio: null });
  });

  test("are not compared where counts alone may be", () => {
    expect(comparedWithBaseline(measured(), entry, "counts", null).times).toEqual([]);
  });
});

test("what was compared is said, with the obstacle for times", () => {
  const used = "the baseline of 1970-01-01T00:00:00.000Z (run 20260102-030405, Linux 6.18.0)";
  const run = measured();
  const elsewhere: Run = { ...run, host: { ...run.host, fingerprint: "feed" } };
  expect(compare(run).notes).toEqual([`Counts and times are compared with ${used}, taken on this host.`]);
  expect(comparedWithBaseline(measured({ nativeFactor: 2 }), entry, "counts", null).notes).toHaveLength(1);
  expect(comparedWithBaseline(run, entry, "counts", null).notes).toEqual([`Counts alone are compared with ${used}.`]);
  expect(comparedWithBaseline(elsewhere, entry, "counts", null).notes).toEqual([
    `Counts alone are compared with ${used}: times do not carry over from another host (0123456789abcdef, this is feed).`,
  ]);
  expect(compare(measured({ nativeFactor: 2 })).notes[1]).toBe(
    "Times can't be told: native itself takes 2.00x of the time that it took then.",
  );
});

describe("descriptors that an open leaves", () => {
  test("are compared by backend, where the baseline has them", () => {
    const { counts } = compare(measured({ left: 100 }));
    const found = counts.filter(({ metric }) => metric.remeasure === "opens");
    expect(found).toEqual([
      expect.objectContaining({ backend: "mine", place: "open and close", before: [0, 0], now: [0.5, 0.5] }),
    ]);
    const bare = { ...entry, descriptorsPerOpen: {} };
    expect(compare(measured(), bare).counts.some(({ metric }) => metric.remeasure === "opens")).toBe(false);
  });

  test("are not fewer than none", () => {
    expect(countOf(compare(measured({ left: -3 })), "descriptors left by an open")?.now).toEqual([0, 0]);
  });
});

test("an entry keeps counts of all but the second native, ratios of daemons, and descriptors of what was served", () => {
  const run = measured();
  const unavailable = { name: "gone", kind: "command", command: "gone", unavailable: "why" } as const;
  const made = entryOf({ ...run, backends: [...run.backends, unavailable] }, new Date(5));
  expect(made).toMatchObject({ savedAt: "1970-01-01T00:00:00.005Z", runId: run.id, host: run.host, fileSizeBytes: 2 ** 30 });
  expect(made.backends).toEqual([
    { name: "native", command: null },
    { name: "mine", command: "mine {source} {mountpoint}" },
  ]);
  expect(made.cells.map(({ backend, timesToNative }) => [backend, Object.keys(timesToNative)])).toEqual([
    ["native", []],
    ["mine", ["mean latency", "CPU time"]],
  ]);
  expect(made.cells[1]!.counts).toEqual({
    "application system calls": [1, 1],
    "daemon system calls": [3, 3],
    "daemon user page faults": [0.01, 0.01],
    "READ requests": [1, 1],
  });
  expect(made.descriptorsPerOpen).toEqual({ mine: [0, 0] });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readRun, SCHEMA, writeRun, writeWhole } from "../../results/index.js";
import { replaceFile } from "../../results/replace-file.js";
import { decodeRun, emptyCell, encodeRun, findCell } from "../../results/run.js";
import { runInFile } from "../../results/schema.js";
import { cellOf, counted, failed, figuresOf, runOf, timed } from "../reports/run-of.js";
import { usualRun } from "../reports/usual-run.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fusemeter-store-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = (...names: string[]) => join(folder, ...names);

describe("a result", () => {
  test("is read as it was written, from its directory or its file", async () => {
    const run = usualRun();
    await writeRun(folder, run);
    expect(readdirSync(folder)).toEqual(["run.json"]);
    const read = await readRun(folder);
    expect(encodeRun(read)).toEqual(encodeRun(run));
    expect(await readRun(path("run.json"))).toEqual(read);
    const [cell, before] = [read.cells[0]!, run.cells[0]!];
    expect(figuresOf(cell.samples[0]!)).toMatchObject({ operations: 1000, seconds: figuresOf(before.samples[0]!).seconds });
    expect(figuresOf(cell.counts[0]!)).toMatchObject({ operations: 1000, startup: { operations: 1 } });
    const { samples: _, counts: __, ...rest } = before;
    expect(cell).toMatchObject(rest);
  });

  test("keeps samples that failed, with their reason and their warnings", async () => {
    const broken = [failed(timed(0, 1), "it broke"), { ...timed(1, 1), warnings: ["a warning"] }];
    const run = runOf([cellOf("fuse", { samples: broken, counts: [failed(counted(0, {}), "not counted")] })]);
    await writeRun(folder, run);
    expect((await readRun(folder)).cells[0]!.samples[0]).toEqual(broken[0]);
    expect((await readRun(folder)).cells[0]!.samples[1]).toMatchObject({ ok: true, warnings: ["a warning"] });
    const [cell] = JSON.parse(readFileSync(path("run.json"), "utf8")).cells;
    expect(cell.samples).toMatchObject([
      { failure: "it broke", figures: null },
      { failure: null, warnings: ["a warning"] },
    ]);
    expect(cell.counts).toMatchObject([{ failure: "not counted", figures: null }]);
  });

  test("says of native that it has no daemon, and of another backend that its transitions are not known", () => {
    const counts = [counted(0, {})];
    const { cells } = encodeRun(runOf([cellOf("native", { counts }), cellOf("fuse", { counts })])) as {
      cells: { counts: { figures: { transitions: object } }[] }[];
    };
    const transitions = cells.map(({ counts }) => counts[0]!.figures.transitions);
    expect(transitions[0]).toMatchObject({ application: { syscalls: 1000 }, daemon: null });
    expect(transitions[1]).toMatchObject({ daemon: { syscalls: null, userPageFaults: null } });
  });

  test("of which a sample has neither figures nor a failure has a sample that failed", () => {
    const file = runInFile.parse(JSON.parse(JSON.stringify(encodeRun(usualRun()))));
    file.cells[0]!.samples[0]!.figures = null;
    file.cells[0]!.counts[0]!.figures = null;
    const [cell] = decodeRun(file).cells;
    expect(cell!.samples[0]).toMatchObject({ ok: false, failure: "the sample has no figures" });
    expect(cell!.counts[0]).toMatchObject({ ok: false, failure: "the sample has no figures" });
    expect(cell!.samples[1]).toMatchObject({ ok: true });
  });

  test("of which a sample has figures and a failure too has a sample that failed", () => {
    const file = runInFile.parse(JSON.parse(JSON.stringify(encodeRun(usualRun()))));
    file.cells[0]!.samples[0]!.failure = "it broke";
    expect(decodeRun(file).cells[0]!.samples[0]).toEqual(expect.objectContaining({ ok: false, failure: "it broke" }));
  });
});

describe("a file that is no result", () => {
  test.each([
    { what: "truncated", text: '{ "schema":', says: "truncated or not JSON" },
    { what: "foreign", text: '{ "jobs": [] }', says: "no result of fusemeter" },
    { what: "a number", text: "7", says: "no result of fusemeter" },
    {
      what: "of another schema",
      text: '{ "schema": "fusemeter.run/9" }',
      says: `has the schema "fusemeter.run/9". Give one with the schema "${SCHEMA}"`,
    },
    { what: "damaged", text: `{ "schema": "${SCHEMA}", "id": 7 }`, says: "id: " },
  ])("$what: refused, and the reason is said", async ({ text, says }) => {
    writeFileSync(path("run.json"), text);
    const error = expect.objectContaining({ code: "UNREADABLE_RESULT", fault: "use", message: expect.stringContaining(says) });
    await expect(readRun(folder)).rejects.toEqual(error);
  });

  test("is missing: the system's reason is said", async () => {
    await expect(readRun(path("nowhere"))).rejects.toMatchObject({
      code: "UNREADABLE_RESULT",
      reason: expect.stringContaining("ENOENT"),
    });
  });
});

describe("cells of a run", () => {
  const setting = { mountKiB: 0, initKiB: null, deviceKiB: null, access: "read", advice: "none" } as const;
  const run = runOf([cellOf("fuse", {}), cellOf("fuse", { readahead: setting }), cellOf("native", {})]);

  test("are found by all of their coordinates", () => {
    const key = { backend: "fuse", workload: "rnd-rd-1th-1f", ioSizeBytes: 4096, cache: "warm" } as const;
    expect(findCell(run, key)).toBe(run.cells[0]);
    expect(findCell(run, { ...key, readahead: { ...setting } })).toBe(run.cells[1]);
    for (const change of [{ mountKiB: 4 }, { initKiB: 4 }, { deviceKiB: 4 }, { access: "mmap" }, { advice: "random" }] as const) {
      expect(findCell(run, { ...key, readahead: { ...setting, ...change } })).toBeUndefined();
    }
    for (const change of [{ backend: "x" }, { workload: "x" }, { ioSizeBytes: 1 }, { cache: "cold" }] as const) {
      expect(findCell(run, { ...key, ...change })).toBeUndefined();
    }
  });

  test("without a sample have the traits of their backend and the host's device", () => {
    const key = { backend: "native", workload: "w", ioSizeBytes: 1, cache: "hot" } as const;
    expect(emptyCell(run, key)).toEqual({
      ...key,
      kind: "native",
      role: "reference",
      ownsReadahead: false,
      readaheadKiB: null,
      deviceReadaheadKiB: null,
      slices: [],
      medium: "/dev/vda1",
      samples: [],
      counts: [],
    });
  });
});

describe("a file that is written in one step", () => {
  test("takes the place of the old one, and of its directory if there is none", async () => {
    await writeWhole(path("deep", "down", "file"), "old");
    await writeWhole(path("deep", "down", "file"), new Uint8Array([110, 101, 119]));
    expect(readFileSync(path("deep", "down", "file"), "utf8")).toBe("new");
    expect(readdirSync(path("deep", "down"))).toEqual(["file"]);
  });

  test("leaves nothing behind where it can't be written", async () => {
    writeFileSync(path("file"), "a file, not a directory");
    await expect(writeWhole(path("file", "below"), "x")).rejects.toMatchObject({
      code: "REPORT_NOT_WRITTEN",
      fault: "use",
      remedy: expect.stringContaining("--out"),
    });
    // A directory that holds something can't be replaced by a file.
    await writeWhole(path("full", "file"), "x");
    await expect(replaceFile(path("full"), "x")).rejects.toMatchObject({
      code: expect.stringMatching(/EISDIR|ENOTEMPTY|EEXIST/),
    });
    expect(readdirSync(folder).toSorted()).toEqual(["file", "full"]);
    // Nor is the reason hidden by a file beside it that was never made.
    await expect(replaceFile(path("file", "below"), "x")).rejects.toMatchObject({ code: "ENOTDIR" });
  });
});

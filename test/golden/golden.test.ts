import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type ClaimId, claimsReport } from "../../reports/claims/index.js";
import { compare } from "../../reports/figures/comparison.js";
import { entryOf } from "../../reports/gate/entry.js";
import { cellsCsv, samplesCsv } from "../../reports/pages/csv.js";
import { priceCsv } from "../../reports/prices/index.js";
import { readBaseline, readHistory, readRun, type TimedSample, writeRun } from "../../results/index.js";
import { encodeRun } from "../../results/run.js";
import { parseCsv } from "../reports/parse-csv.js";

/** Results that the first release wrote on one host: a run, a sweep of readahead, a baseline, a decision of the gate, claims. */
const golden = (...names: string[]) => join(import.meta.dirname, ...names);
const textOf = (...names: string[]) => readFileSync(golden(...names), "utf8");
const runs = ["run", "readahead", "gate", "gate-save", "claims/warm"];

const folder = mkdtempSync(join(tmpdir(), "fusemeter-golden-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface FileOfOld {
  readonly cells: readonly { readonly samples: readonly { readonly figures: { deviceReads: Record<string, number> } }[] }[];
}

/** A file of the first release. It repeated the bytes that the device read inside `deviceReads`; its schema had no such key. */
function oldRun(name: string): FileOfOld {
  const run = JSON.parse(textOf(name, "run.json")) as FileOfOld;
  for (const { samples } of run.cells) for (const { figures } of samples) delete figures.deviceReads.bytes;
  return run;
}

describe.each(runs)("run.json of the first release: %s", (name) => {
  test("says the same when it is read and written again", async () => {
    // A figure that was added since is the only thing more, and not known.
    expect(JSON.parse(JSON.stringify(encodeRun(await readRun(golden(name)))))).toMatchObject(oldRun(name));
  });

  test("is the same file however often it is written", async () => {
    const run = await readRun(golden(name));
    await writeRun(folder, run);
    const written = readFileSync(join(folder, "run.json"), "utf8");
    const again = await readRun(folder);
    expect(again).toEqual(run);
    await writeRun(folder, again);
    expect(readFileSync(join(folder, "run.json"), "utf8")).toBe(written);
  });
});

test("a figure that an older version did not have is not known", async () => {
  const old = JSON.parse(textOf("run", "run.json"));
  for (const { samples, counts } of old.cells) {
    for (const { figures } of samples)
      for (const key of ["idleEntries", "energyJoules", "deviceReads", "cachedBytes"]) delete figures[key];
    for (const { figures } of counts) for (const key of ["migrations", "roundTrips"]) delete figures[key];
  }
  const path = join(folder, "older.json");
  writeFileSync(path, JSON.stringify(old));
  const [cell] = (await readRun(path)).cells;
  const good = (sample: TimedSample | undefined) => (sample?.ok ? sample.figures : null);
  expect(good(cell!.samples[0])).toMatchObject({ idleEntries: null, energyJoules: null, deviceReads: null, cachedBytes: null });
  expect(cell!.counts[0]).toMatchObject({ figures: { migrations: { application: null, daemon: null }, roundTrips: null } });
});

/** The same value: as text, or as a number whose last digits a sum in another order changes. */
function isSame(before: string, now: string): boolean {
  return before === now || Math.abs(Number(now) / Number(before) - 1) < 1e-12;
}

describe("columns of CSV keep their names, their order and their meaning; new ones stand behind them", () => {
  test.each([
    ["cells.csv", async () => cellsCsv(compare(await readRun(golden("run"))))],
    ["samples.csv", async () => samplesCsv(compare(await readRun(golden("run"))))],
  ] as const)("%s", async (file, write) => {
    const [before, now] = [parseCsv(textOf("run", file)), parseCsv(await write())];
    expect(now.header.slice(0, before.header.length)).toEqual(before.header);
    expect(now.lines).toHaveLength(before.lines.length);
    const different = before.lines.flatMap((line, row) =>
      before.header
        .filter((name) => !isSame(line[name]!, now.lines[row]![name]!))
        .map((name) => [name, line[name], now.lines[row]![name]]),
    );
    // No class for what can't be told from native, and no CPU time where the startup overhead took it all out.
    const isMended = ([name, was, is]: readonly (string | undefined)[]) =>
      is === "" && (name === "paper_class" || (name === "cpu_us_per_io" && was === "0"));
    expect(different.filter((difference) => !isMended(difference))).toEqual([]);
  });

  test.each(["windows", "prices"] as const)("%s.csv", async (name) => {
    const rates = { usdPerCoreHour: null, wattsPerCore: null };
    const now = parseCsv(priceCsv(await readRun(golden("readahead")), rates)[name]);
    const before = parseCsv(textOf("readahead", `${name}.csv`));
    expect(now.header).toEqual(before.header);
    for (const [row, line] of before.lines.entries()) {
      for (const column of before.header) {
        expect([column, line[column], isSame(line[column]!, now.lines[row]![column]!)]).toEqual([column, line[column], true]);
      }
    }
  });
});

describe("the gate", () => {
  test("makes the baseline of the first release from its run", async () => {
    const [entry] = await readBaseline(golden("baseline.json"));
    // A metric that was added since is in the new entry alone.
    expect(entryOf(await readRun(golden("gate-save")), new Date(entry!.savedAt))).toMatchObject(entry!);
  });

  test("reads the history of the first release", async () => {
    const [line] = await readHistory(golden("history.jsonl"));
    expect(line).toEqual(JSON.parse(textOf("history.jsonl").split("\n")[0]!));
  });
});

test("claims are judged as the first release judged them", async () => {
  const ids: ClaimId[] = ["transitions", "switches", "open-decides"];
  const runs = [await readRun(golden("claims/warm"))];
  const rows = claimsReport({ runs, storms: [], trials: {} }, ids, "");
  const before = JSON.parse(textOf("claims", "claims.json")).claims as { readonly id: string }[];
  for (const { id, measured, verdict, why } of rows) {
    expect(before.find((row) => row.id === id)).toMatchObject({ measured, verdict, why });
  }
});

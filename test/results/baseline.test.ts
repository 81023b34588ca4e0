import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { entryOf } from "../../reports/gate/entry.js";
import { entriesBefore, readBaseline, saveEntry } from "../../results/baseline.js";
import { appendHistory, readHistory } from "../../results/history.js";
import { usualRun } from "../reports/usual-run.js";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fusemeter-baseline-"));
  file = join(folder, "baseline.json");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const entry = entryOf(usualRun(), new Date("2026-01-02T03:04:05Z"));
const ofHost = (fingerprint: string, runId = "first") => ({ ...entry, runId, host: { ...entry.host, fingerprint } });

describe("a baseline", () => {
  test("is read as it was saved", async () => {
    await saveEntry(file, entry);
    expect(await readBaseline(file)).toEqual([entry]);
  });

  test("keeps the entries of other hosts, and one a host", async () => {
    await saveEntry(file, ofHost("a"));
    await saveEntry(file, ofHost("b"));
    await saveEntry(file, ofHost("a", "second"));
    expect((await readBaseline(file)).map(({ host, runId }) => [host.fingerprint, runId])).toEqual([
      ["b", "first"],
      ["a", "second"],
    ]);
    expect(readdirSync(folder)).toEqual(["baseline.json"]);
  });

  test.each([
    { what: "truncated", text: '{ "schema": "fusemeter.baseline/1", "entries": [', words: "truncated" },
    { what: "no baseline", text: '{ "name": "something" }', words: "no baseline" },
    { what: "a result", text: '{ "schema": "fusemeter.run/1" }', words: 'has the schema "fusemeter.run/1"' },
    {
      what: "of a later schema",
      text: '{ "schema": "fusemeter.baseline/2", "entries": [] }',
      words: 'Give one with the schema "fusemeter.baseline/1"',
    },
    { what: "damaged", text: '{ "schema": "fusemeter.baseline/1", "entries": [{}] }', words: "entries.0" },
    { what: "empty", text: "", words: "truncated" },
  ])("$what: refused in one line, and left as it is", async ({ text, words }) => {
    writeFileSync(file, text);
    for (const use of [readBaseline, entriesBefore, (path: string) => saveEntry(path, entry)]) {
      await expect(use(file)).rejects.toMatchObject({ fault: "use", message: expect.stringContaining(words) });
    }
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  test("that can't be read is no baseline yet to be made: a directory is refused", async () => {
    await expect(entriesBefore(folder)).rejects.toMatchObject({
      code: "UNREADABLE_BASELINE",
      reason: expect.stringContaining("EISDIR"),
    });
    expect(await entriesBefore(file)).toEqual([]);
  });

  test("that is not there: how to make one", async () => {
    await expect(readBaseline(file)).rejects.toThrow("fusemeter gate --save");
    expect(await entriesBefore(file)).toEqual([]);
  });

  test("in a directory that is not there: nothing is left", async () => {
    await expect(saveEntry(join(folder, "no", "baseline.json"), entry)).rejects.toMatchObject({ fault: "use" });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("a history", () => {
  const line = {
    schema: "fusemeter.history/1" as const,
    at: "2026-01-02T03:04:05Z",
    runId: "a",
    commit: null,
    fingerprint: "f",
    kernel: "6.18.0",
    verdict: "none slower",
    figures: [{ name: "daemon system calls", kind: "count" as const, unit: "per I/O", value: 3 }],
  };
  test("is read as it was written, oldest first", async () => {
    const path = join(folder, "new", "history.jsonl");
    await appendHistory(path, line);
    await appendHistory(path, { ...line, runId: "b" });
    expect((await readHistory(path)).map(({ runId }) => runId)).toEqual(["a", "b"]);
  });
  test("that is not there, or can't be written, says so", async () => {
    await expect(readHistory(file)).rejects.toMatchObject({
      code: "UNREADABLE_HISTORY",
      reason: expect.stringContaining("ENOENT"),
      remedy: expect.stringContaining("--history"),
    });
    await expect(appendHistory(folder, line)).rejects.toMatchObject({ code: "HISTORY_NOT_WRITTEN", fault: "use" });
  });
  test("with a line that is none: which", async () => {
    await appendHistory(file, line);
    writeFileSync(file, `${readFileSync(file, "utf8")}{"schema":`);
    await expect(readHistory(file)).rejects.toMatchObject({ fault: "use", message: expect.stringContaining("line 2") });
  });
});

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { describe as describeReport } from "../../cli/report.js";
import { encodeRun } from "../../results/run.js";
import { program } from "../machine.js";
import { usualRun } from "../reports/usual-run.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fusemeter-report-"));
  writeFileSync(join(folder, "run.json"), JSON.stringify(encodeRun(usualRun())));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `fusemeter report` with these words; what it printed. */
async function report(...words: string[]): Promise<string> {
  const printed: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((text: string) => void printed.push(text));
  try {
    const command = new Command("report").exitOverride().configureOutput({ writeErr: () => undefined });
    describeReport(command);
    await command.parseAsync(words, { from: "user" });
    return printed.join("\n");
  } finally {
    log.mockRestore();
  }
}

const files = () => readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();

describe("without --format", () => {
  test("prints the tables and writes everything beside the result, and only that", async () => {
    const text = await report(folder);
    expect(text).toMatch(/^Warm 4 KiB random reads, mean latency: native 1\.00 us, fuse 35\.1 us/);
    expect(text).toContain(`Report: ${folder}/report.html`);
    const charts = files().filter((file) => file.startsWith("charts/"));
    expect(charts).toHaveLength(16);
    expect(files().filter((file) => !file.startsWith("charts"))).toEqual([
      "cells.csv",
      "report.html",
      "report.md",
      "run.json",
      "samples.csv",
    ]);
    for (const [, chart] of readFileSync(join(folder, "report.md"), "utf8").matchAll(/\]\((charts\/.*?)\)/g))
      expect(charts).toContain(chart);
  });

  test("takes run.json by its path as well, and writes over what it wrote before", async () => {
    writeFileSync(join(folder, "report.md"), "old");
    await report(join(folder, "run.json"));
    expect(readFileSync(join(folder, "report.md"), "utf8")).toMatch(/^# What a trip/);
  });

  test("--out writes elsewhere", async () => {
    await report(folder, "--out", join(folder, "new/place"));
    expect(existsSync(join(folder, "new/place/report.html"))).toBe(true);
    expect(existsSync(join(folder, "report.html"))).toBe(false);
  });
});

describe("--format", () => {
  test.each([
    { format: "table", prints: /^Warm 4 KiB/ },
    { format: "md", prints: /^# What a trip/ },
    { format: "csv", prints: /^backend,workload,io_size_bytes/ },
  ])("$format prints it and writes nothing", async ({ format, prints }) => {
    expect(await report(folder, "--format", format)).toMatch(prints);
    expect(files()).toEqual(["run.json"]);
  });

  test("html writes the page and prints where", async () => {
    expect(await report(folder, "--format", "html")).toBe(join(folder, "report.html"));
    expect(files()).toEqual(["report.html", "run.json"]);
  });

  test("png writes the charts and prints where", async () => {
    const printed = (await report(folder, "--format", "png")).split("\n");
    expect(printed).toHaveLength(16);
    for (const path of printed) expect(readFileSync(path).subarray(1, 4).toString()).toBe("PNG");
  });

  test("of another name is refused", async () => {
    await expect(report(folder, "--format", "pdf")).rejects.toThrow(
      /invalid --format "pdf": expected one of all, table, md, csv, html, png/,
    );
  });
});

test("--json prints every cell's figures and writes nothing", async () => {
  const cells = JSON.parse(await report(folder, "--json"));
  expect(cells).toHaveLength(usualRun().cells.length);
  expect(cells[0]).toMatchObject({ backend: "native", io_size_bytes: 4096, throughput_by_native: null });
  expect(files()).toEqual(["run.json"]);
});

describe("a bad result is refused in one line, and nothing is written", () => {
  test.each([
    { what: "a missing file", content: null, says: /ENOENT/ },
    { what: "half a file", content: JSON.stringify(encodeRun(usualRun())).slice(0, 5000), says: /truncated or not JSON/ },
    { what: "someone else's JSON", content: '{"jobs":[]}', says: /is no result of fusemeter/ },
    {
      what: "another schema",
      content: JSON.stringify({ ...usualRun(), schema: "fusemeter.run/9" }),
      says: /has the schema "fusemeter.run\/9"/,
    },
    { what: "a figure that is none", content: JSON.stringify({ ...usualRun(), seed: "seven" }), says: /seed/ },
  ])("$what", async ({ content, says }) => {
    rmSync(join(folder, "run.json"));
    if (content !== null) writeFileSync(join(folder, "run.json"), content);
    const before = files();
    await expect(report(folder)).rejects.toMatchObject({
      name: "FusemeterError",
      fault: "use",
      message: expect.stringMatching(says),
    });
    expect(files()).toEqual(before);
  });
});

test("a place that can't be written to is named, and no half file stays", async () => {
  writeFileSync(join(folder, "taken"), "");
  await expect(report(folder, "--out", join(folder, "taken"))).rejects.toMatchObject({
    code: "REPORT_NOT_WRITTEN",
    fault: "use",
  });
  mkdirSync(join(folder, "out/report.html"), { recursive: true });
  await expect(report(folder, "--out", join(folder, "out"))).rejects.toMatchObject({ code: "REPORT_NOT_WRITTEN" });
  expect(readdirSync(join(folder, "out"))).toEqual(["report.html"]);
});

const root = join(import.meta.dirname, "../..");

describe("on a host where the canvas lacks a library", () => {
  /** Runs the program in a mount namespace of its own in which the canvas's binary is not there. */
  function withoutCanvas(...args: string[]) {
    const hide = `for folder in "$1"/node_modules/@napi-rs/canvas-*; do mount -t tmpfs none "$folder" || exit 99; done`;
    const rights = process.getuid?.() === 0 ? "-m" : "-rm";
    const script = `${hide}; shift; exec "$0" "$@"`;
    return execa("unshare", [rights, "sh", "-c", script, process.execPath, root, program, ...args], { reject: false });
  }

  test("everything but the pictures is written, one line says so, and it is no failure", async () => {
    const { exitCode, stdout, stderr } = await withoutCanvas("report", folder);
    expect(stderr.split("\n")).toEqual([expect.stringMatching(/^left out: PNG charts can't be drawn here: .+\. Install /)]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Report: ${folder}/report.html`);
    expect(files()).toEqual(["cells.csv", "report.html", "report.md", "run.json", "samples.csv"]);
    expect(readFileSync(join(folder, "report.md"), "utf8")).not.toContain(".png");
  });

  test("pictures that alone were asked for are an error without a stack", async () => {
    const { exitCode, stderr } = await withoutCanvas("report", folder, "--format", "png");
    expect(stderr).toMatch(/PNG charts can't be drawn here/);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(exitCode).toBe(3);
    expect(files()).toEqual(["run.json"]);
  });
});

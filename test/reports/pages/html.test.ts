import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reportCharts } from "../../../reports/charts/charts.js";
import { compare } from "../../../reports/figures/comparison.js";
import { htmlPage } from "../../../reports/pages/html-page.js";
import { comparisonPage } from "../../../reports/pages/page.js";
import type { Run } from "../../../results/index.js";
import { cellOf, failed, runOf, timed } from "../run-of.js";
import { usualRun } from "../usual-run.js";

const folder = mkdtempSync(join(tmpdir(), "fusemeter-html-"));
let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Opened {
  readonly page: Page;
  /** Console messages, exceptions and network requests of the page. */
  readonly complaints: string[];
}

async function open(run: Run, scheme: "light" | "dark" = "light", width = 1280): Promise<Opened> {
  const comparison = compare(run);
  const path = join(folder, "report.html");
  writeFileSync(path, htmlPage(comparisonPage(comparison, reportCharts(comparison))));
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
  const page = await context.newPage();
  const complaints: string[] = [];
  const url = pathToFileURL(path).href;
  page.on("console", (message) => complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:")) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  return { page, complaints };
}

/** The painted share of the pixels of each canvas, 0 to 1. */
function paintedShares(page: Page): Promise<number[]> {
  return page.$$eval("canvas", (canvases) =>
    canvases.map((canvas) => {
      const { width, height } = canvas;
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, width, height);
      let painted = 0;
      for (let at = 3; at < data.length; at += 4) if (data[at]! > 0) painted += 1;
      return painted / (width * height);
    }),
  );
}

describe.each(["light", "dark"] as const)("in a browser with a %s scheme", (scheme) => {
  test("every chart is painted, every table is there, and nothing is asked of the network", async () => {
    const { page, complaints } = await open(usualRun(), scheme);
    const shares = await paintedShares(page);
    expect(shares).toHaveLength(16);
    // The emptiest chart has its axes, names and points on two percent of its pixels.
    for (const share of shares) expect(share).toBeGreaterThan(0.02);
    expect(await page.locator("h2").allTextContents()).toEqual([
      "Verdicts",
      "Speed",
      "Cost per operation",
      "The daemon's system calls",
      "Beside the paper",
      "Charts",
      "Host",
      "How it was measured",
    ]);
    const speed = page.locator("section", { has: page.locator("h2", { hasText: /^Speed$/ }) });
    expect(await speed.locator("tbody tr").count()).toBe(usualRun().cells.length);
    expect(complaints).toEqual([]);
  });

  test("text stands out from the page", async () => {
    const { page } = await open(usualRun(), scheme);
    const colour = async (property: string) => {
      const text = await page.evaluate<string>(`getComputedStyle(document.body).${property}`);
      const [red, green, blue] = text.match(/\d+/g)!.map(Number);
      return (red! + green! + blue!) / 3;
    };
    const difference = (await colour("color")) - (await colour("backgroundColor"));
    expect(scheme === "dark" ? difference : -difference).toBeGreaterThan(150);
  });
});

test("when the reader's scheme changes the charts are drawn anew in its colours", async () => {
  const { page, complaints } = await open(usualRun(), "light");
  const inks = () => page.evaluate("Object.values(Chart.instances).map((chart) => chart.options.color)");
  expect(new Set((await inks()) as string[])).toEqual(new Set(["#1f2328"]));
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(inks).toEqual(Array(16).fill("#e6edf3"));
  expect(complaints).toEqual([]);
});

test("a logarithmic axis is labelled at 1, 2 and 5 of each decade, and over many decades at 1 alone", async () => {
  const ticksOf = async (slowestUs: number) => {
    const cells = [cellOf("native", { samples: [timed(0, 1)] }), cellOf("fuse", { samples: [timed(0, slowestUs)] })];
    const { page } = await open(runOf(cells));
    const ticks = `Chart.getChart("latency-rnd-rd-1th-1f-warm").scales.y.ticks.map(({ value, label }) => [value, label])`;
    return page.evaluate<[value: number, label: string][]>(ticks);
  };
  const few = await ticksOf(35);
  expect(few.map(([value]) => value)).toEqual(expect.arrayContaining([1, 2, 5, 10, 20, 50, 100]));
  for (const [value, label] of few) expect(Number(label)).toBe(value);
  const many = await ticksOf(80_000);
  expect(many.map(([value]) => value)).toEqual([1, 10, 100, 1000, 10_000, 100_000]);
  expect(many.map(([, label]) => label)).not.toContain("");
});

test("a whisker of 4,000 % leaves the bars readable, and a ratio that can't be told from 1 has no class", async () => {
  const samples = (...us: number[]) => us.map((value, block) => timed(block, value));
  const cells = [
    cellOf("native", { samples: samples(1, 1, 1) }),
    cellOf("fuse", { samples: samples(20, 20, 21) }),
    cellOf("passthrough", { samples: samples(1 / 40, 1.1, 1.2) }),
  ];
  const { page, complaints } = await open(runOf(cells));
  const most = await page.evaluate<number>(`Chart.getChart("throughput-rnd-rd-1th-1f-warm").scales.y.max`);
  expect(most).toBeLessThanOrEqual(160);
  expect(await page.locator("[class^=class-]").allTextContents()).toEqual(["Red"]);
  expect(complaints).toEqual([]);
});

test("on a phone the page is as wide as the screen; tables and charts scroll within themselves", async () => {
  const { page } = await open(usualRun(), "light", 390);
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
  expect((await page.locator("canvas").first().boundingBox())!.width).toBeGreaterThan(390);
});

test("texts of a run are text in the page, never markup", async () => {
  const nasty = '</script><img src=x onerror="throw 1"> & "quotes"';
  const run = runOf([
    cellOf("native", { samples: [timed(0, 1)], workload: nasty }),
    cellOf("fuse", { samples: [timed(0, 2), failed(timed(1, 1), nasty)], workload: nasty }),
  ]);
  const { page, complaints } = await open({ ...run, host: { ...run.host, cpu: nasty } });
  expect(complaints).toEqual([]);
  expect(await page.locator("img").count()).toBe(0);
  expect(await page.locator(".failures li").first().textContent()).toContain(nasty);
  expect((await paintedShares(page)).length).toBeGreaterThan(0);
});

test("a run without a figure still makes a page", async () => {
  const { page, complaints } = await open(runOf([cellOf("native", {}), cellOf("fuse", {})]));
  expect(complaints).toEqual([]);
  expect(await page.locator(".answer").first().textContent()).toMatch(/nothing can be compared/);
});

test("the file holds all it needs", () => {
  const text = readFileSync(join(folder, "report.html"), "utf8");
  expect(text).not.toMatch(/<(script|link|img)[^>]+(src|href)="(?!data:)/);
});

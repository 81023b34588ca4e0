import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import { describe, expect, test } from "vitest";
import type { ReportChart } from "../../../reports/charts/chart.js";
import { reportCharts } from "../../../reports/charts/charts.js";
import { NO_CLASS_COLOUR } from "../../../reports/charts/colours.js";
import { renderPng } from "../../../reports/charts/png.js";
import { compare } from "../../../reports/figures/comparison.js";
import { cellOf, runOf, timed } from "../run-of.js";
import { usualRun } from "../usual-run.js";

/** Pixels of a picture by colour, as `#rrggbb`. */
async function coloursOf(png: Uint8Array): Promise<{ width: number; height: number; pixels: Map<string, number> }> {
  const image = await loadImage(Buffer.from(png));
  const { width, height } = image;
  const context = createCanvas(width, height).getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const pixels = new Map<string, number>();
  for (let at = 0; at < data.length; at += 4) {
    const colour = `#${[data[at]!, data[at + 1]!, data[at + 2]!].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
    pixels.set(colour, (pixels.get(colour) ?? 0) + 1);
  }
  return { width, height, pixels };
}

const charts = reportCharts(compare(usualRun()));
const chart = (name: string) => charts.find((candidate) => candidate.name === name)!;

test("a chart of each kind for each workload and cache state", () => {
  const panels = ["seq-rd-1th-1f-cold", "seq-rd-1th-1f-warm", "rnd-rd-1th-1f-cold", "rnd-rd-1th-1f-warm"];
  const names = ["throughput", "transitions", "cpu", "latency"].flatMap((kind) => panels.map((panel) => `${kind}-${panel}`));
  expect(charts.map(({ name }) => name)).toEqual(names);
});

test("title and notes name the figure, the machine and the number of blocks", () => {
  expect(chart("throughput-rnd-rd-1th-1f-warm")).toMatchObject({
    title: "Throughput relative to native: warm random reads (rnd-rd-1th-1f)",
    notes: expect.arrayContaining(["Linux 6.18.0, Example CPU 3000, 2 cores, ext4 on /dev/vda1. n = 3 blocks."]),
  });
});

describe("a PNG", () => {
  test.each([
    // Passthrough is green at two sizes, the daemon at 4 KiB is red: bars of 66 by hundreds of pixels. Native again has no class.
    {
      name: "throughput-rnd-rd-1th-1f-warm",
      colours: { "#2e9e5b": 20_000, "#cf3337": 1_000, "#e6b800": 20_000, [NO_CLASS_COLOUR]: 40_000 },
    },
    // 24 of the daemon's calls at 1 MiB against one of the application.
    { name: "transitions-rnd-rd-1th-1f-warm", colours: { "#e69f00": 40_000, "#0072b2": 5_000 } },
    // Half of the daemons' CPU time is their own, all of native's and passthrough's is the application's.
    { name: "cpu-rnd-rd-1th-1f-warm", colours: { "#e69f00": 20_000, "#0072b2": 20_000 } },
    // Twelve dots and triangles.
    { name: "latency-rnd-rd-1th-1f-warm", colours: { "#0072b2": 1_000, "#e69f00": 300 } },
  ])("of $name is painted in its colours, on white, with text", async ({ name, colours }) => {
    const { width, height, pixels } = await coloursOf(await renderPng(chart(name)));
    expect(width).toBeGreaterThanOrEqual(1100);
    expect(height).toBe(640);
    for (const [colour, least] of Object.entries(colours))
      expect([colour, pixels.get(colour)]).toEqual([colour, expect.toSatisfy((n) => n > least)]);
    expect(pixels.get("#ffffff")).toBeGreaterThan((width * height) / 3);
    // Letters are drawn in the ink's colour.
    expect(pixels.get("#1f2328")).toBeGreaterThan(1_000);
  });

  test("grows with the number of bars", async () => {
    const cells = [4096, 32768, 131072, 1048576].flatMap((ioSizeBytes) =>
      ["native", "native-again", "fuse", "passthrough", "mine", "yours"].map((backend) =>
        cellOf(backend, { ioSizeBytes, samples: [timed(0, 1)] }),
      ),
    );
    const [first] = reportCharts(compare(runOf(cells)));
    expect(first!.slots).toBe(20);
    expect((await coloursOf(await renderPng(first!))).width).toBe(20 * 90 + 150);
  });
});

test("a stopped run has a place for each backend in each group, so that the groups stay where their names are", () => {
  const run = usualRun();
  const cells = run.cells.filter(({ backend, ioSizeBytes }) => !(backend === "fuse" && ioSizeBytes === 131072));
  const [first] = reportCharts(compare({ ...run, cells }));
  expect(first!.config.data.labels).toEqual(
    [1, 2, 3].flatMap(() => [["native-", "again"], "fuse", "passthrough", ["another-", "daemon"]]),
  );
  expect(first!.config.data.datasets[0]!.data[5]).toBeNull();
});

test("a run without a figure has no charts", () => {
  expect(reportCharts(compare(runOf([cellOf("native", {}), cellOf("fuse", {})])))).toEqual([]);
});

describe("on a machine without fonts", () => {
  const root = join(import.meta.dirname, "../../..");
  /** Draws a chart in a mount namespace where the folder of the system's fonts is empty. */
  function drawWithoutFonts(chart: ReportChart): { families: string[]; png: Buffer } {
    const script = `
      const { GlobalFonts } = await import("@napi-rs/canvas");
      const families = GlobalFonts.families.map(({ family }) => family);
      const { renderPng } = await import(${JSON.stringify(join(root, "dist/reports/charts/png.js"))});
      const png = await renderPng(${JSON.stringify(chart)});
      console.log(JSON.stringify({ families, png: Buffer.from(png).toString("base64") }));`;
    const inside = `if test -d /usr/share/fonts; then mount -t tmpfs none /usr/share/fonts; fi && exec "$0" --input-type=module -e "$1"`;
    const rights = process.getuid?.() === 0 ? "-m" : "-rm";
    const output = execFileSync("unshare", [rights, "sh", "-c", inside, process.execPath, script], {
      cwd: root,
      maxBuffer: 2 ** 26,
    });
    const { families, png } = JSON.parse(String(output));
    return { families, png: Buffer.from(png, "base64") };
  }
  test("text is drawn all the same, and the picture is the same to the pixel", async () => {
    const shown = chart("throughput-rnd-rd-1th-1f-warm");
    const { families, png } = drawWithoutFonts(shown);
    expect(families).toEqual([]);
    expect(png.equals(await renderPng(shown))).toBe(true);
  });
});

import { ChartJSNodeCanvas } from "chartjs-node-canvas";
import type { ReportChart } from "./chart.js";
import { FONT_FAMILY, registerFonts } from "./fonts.js";
import { plugin } from "./plugin.js";

/** Pixels. A slot must hold the name of a backend and the numbers over its bar. */
const [HEIGHT, LEAST_WIDTH, SLOT_WIDTH, MARGINS] = [640, 1100, 90, 150];

/** Draws a chart as a PNG. */
export async function renderPng({ config, title, notes, slots }: ReportChart): Promise<Uint8Array> {
  registerFonts();
  const canvas = new ChartJSNodeCanvas({
    width: Math.max(LEAST_WIDTH, slots * SLOT_WIDTH + MARGINS),
    height: HEIGHT,
    backgroundColour: "white",
    chartCallback: ({ defaults }) => {
      defaults.color = "#1f2328";
      // Every dataset has a colour of its own; the annotations take this one as their rim.
      defaults.backgroundColor = "white";
      defaults.borderColor = "#d1d9e0";
      defaults.font.family = FONT_FAMILY;
    },
  });
  const plugins = {
    ...config.options?.plugins,
    title: { display: true, align: "start", text: title, font: { size: 20, weight: 600 }, padding: { top: 10, bottom: 4 } },
    subtitle: { display: true, align: "start", text: [...notes], font: { size: 13 }, padding: { bottom: 12 } },
  } as const;
  return canvas.renderToBuffer({ ...config, options: { ...config.options, plugins }, plugins: [plugin] } as Parameters<
    typeof canvas.renderToBuffer
  >[0]);
}

import type { Chart, ChartType } from "chart.js";

/** Whisker and labels at one place of the x axis, besides its bars or points. Values are on the y axis. */
export interface SlotAnnotations {
  /** A line from the one value to the other. An interval has caps at its ends; one that is cut has an arrow at its upper end. */
  readonly whisker: {
    readonly low: number;
    readonly high: number;
    readonly ends: "plain" | "caps" | "cap and arrow";
  } | null;
  /** Lines of text above a value, and below one. */
  readonly above: { readonly lines: readonly string[]; readonly value: number } | null;
  readonly below: { readonly lines: readonly string[]; readonly value: number } | null;
}

/** Annotations over a chart: slot by slot, and the line that all are measured against. */
export interface Annotations {
  readonly slots: readonly SlotAnnotations[];
  /** Between a value and its label. */
  readonly gapPixels: number;
  readonly line: { readonly value: number; readonly text: string } | null;
}

declare module "chart.js" {
  interface PluginOptionsByType<TType extends ChartType> {
    /** Only names the type in an interface that must have its parameter. */
    readonly annotations?: Annotations & { readonly type?: TType };
  }
}

/**
 * Draws the annotations over a chart. The report in HTML carries this function by its text, so it uses nothing from outside itself.
 */
export function drawAnnotations(chart: Chart): void {
  const annotations = chart.config.options?.plugins?.annotations as Annotations | undefined;
  const { x, y } = chart.scales;
  if (annotations === undefined || x === undefined || y === undefined) return;
  const { ctx, chartArea } = chart;
  const ink = String(chart.options.color);
  const paper = String(chart.options.backgroundColor);
  const lineHeight = 15;
  ctx.save();
  ctx.font = `600 13px ${chart.options.font?.family}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "bottom";
  ctx.strokeStyle = ink;
  ctx.fillStyle = ink;
  ctx.lineJoin = "round";
  ctx.lineWidth = 1.5;
  /** Text with a rim in the colour of the paper, so that no grid line runs through it. */
  const write = (text: string, at: number, bottom: number) => {
    ctx.save();
    ctx.strokeStyle = paper;
    ctx.lineWidth = 5;
    ctx.strokeText(text, at, bottom);
    ctx.restore();
    ctx.fillText(text, at, bottom);
  };
  const lineAt = annotations.line === null ? Number.NaN : y.getPixelForValue(annotations.line.value);
  if (annotations.line !== null) {
    ctx.setLineDash([7, 4]);
    ctx.beginPath();
    ctx.moveTo(chartArea.left, lineAt);
    ctx.lineTo(chartArea.right, lineAt);
    ctx.stroke();
    ctx.setLineDash([]);
  }
  /** A label whose foot the line would cross stands on the line; one that would have to go farther from its bar covers it. */
  const clearOfLine = (bottom: number) => (bottom > lineAt - 4 && bottom < lineAt + lineHeight ? lineAt - 4 : bottom);
  annotations.slots.forEach(({ whisker, above, below }, index) => {
    const at = x.getPixelForValue(index);
    if (whisker !== null) {
      const low = y.getPixelForValue(whisker.low);
      const high = y.getPixelForValue(whisker.high);
      ctx.beginPath();
      ctx.moveTo(at, low);
      ctx.lineTo(at, high);
      const caps = { plain: [], caps: [low, high], "cap and arrow": [low] };
      for (const end of caps[whisker.ends]) {
        ctx.moveTo(at - 6, end);
        ctx.lineTo(at + 6, end);
      }
      if (whisker.ends === "cap and arrow") {
        ctx.moveTo(at - 6, high + 9);
        ctx.lineTo(at, high);
        ctx.lineTo(at + 6, high + 9);
      }
      // Under three pixels it would be a blot on the bar's edge.
      if (low - high >= 3) ctx.stroke();
    }
    if (above !== null) {
      const bottom = clearOfLine(y.getPixelForValue(above.value) - annotations.gapPixels);
      above.lines.forEach((text, line) => {
        write(text, at, bottom - (above.lines.length - 1 - line) * lineHeight);
      });
    }
    below?.lines.forEach((text, line) => {
      write(text, at, y.getPixelForValue(below.value) + annotations.gapPixels + (line + 1) * lineHeight);
    });
  });
  if (annotations.line !== null) {
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.fillText(annotations.line.text, chartArea.right + 6, lineAt);
  }
  ctx.restore();
}

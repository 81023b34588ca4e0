import type { Chart, ChartConfiguration } from "chart.js";

/** The parts of a browser that Node's types do not have. */
interface Page {
  readonly document: {
    readonly documentElement: object;
    getElementById(id: string): { readonly textContent: string } | null;
  };
  getComputedStyle(element: object): { getPropertyValue(name: string): string };
  matchMedia(query: string): { addEventListener(event: "change", listener: () => void): void };
}

/**
 * Draws every chart of the page in the colours of its scheme, and again when the scheme changes. The page carries this
 * function by its text, so it uses nothing from outside itself.
 */
function drawCharts(page: Page, chartJs: typeof Chart, plugin: object): void {
  const configs = JSON.parse(page.document.getElementById("charts")!.textContent) as Record<string, ChartConfiguration>;
  let charts: Chart[] = [];
  const draw = () => {
    for (const chart of charts) chart.destroy();
    const style = page.getComputedStyle(page.document.documentElement);
    chartJs.defaults.color = style.getPropertyValue("--ink").trim();
    chartJs.defaults.borderColor = style.getPropertyValue("--rule").trim();
    chartJs.defaults.backgroundColor = style.getPropertyValue("--paper").trim();
    chartJs.defaults.font.family = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
    charts = Object.entries(configs).map(([name, config]) => {
      const canvas = page.document.getElementById(name) as never;
      return new chartJs(canvas, { ...structuredClone(config), plugins: [plugin] } as ChartConfiguration);
    });
  };
  draw();
  page.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}

/** The page's own script, which runs after Chart.js's. */
export function drawChartsSource(pluginSource: string): string {
  return `(${drawCharts.toString()})(window, Chart, ${pluginSource});`;
}

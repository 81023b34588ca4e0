import { createRequire } from "node:module";
import { GlobalFonts } from "@napi-rs/canvas";

/** The font of PNGs: Inter, from its npm package, so that a machine without fonts can draw text. */
export const FONT_FAMILY = "Inter";

const weights = [400, 600, 700];

/** Makes the family known to the canvas, once. */
export function registerFonts(): void {
  if (GlobalFonts.has(FONT_FAMILY)) return;
  const { resolve } = createRequire(import.meta.url);
  for (const weight of weights) {
    GlobalFonts.registerFromPath(resolve(`@fontsource/inter/files/inter-latin-${weight}-normal.woff2`), FONT_FAMILY);
  }
}

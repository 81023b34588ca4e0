import type { PaperClass } from "../figures/paper-class.js";

/** The classes' colours. The class is printed beside each bar as well: red and green look alike to many. */
export const classColours: Readonly<Record<PaperClass, string>> = {
  Green: "#2e9e5b",
  Yellow: "#e6b800",
  Orange: "#ef7f1a",
  Red: "#cf3337",
};

/** A bar without a class: it can't be told from native. */
export const NO_CLASS_COLOUR = "#7d8590";

/** Up to eight series in one chart, told apart by every kind of colour vision. From the same palette as the pair below. */
export const seriesColours = ["#0072b2", "#56b4e9", "#e69f00", "#cc79a7", "#d55e00", "#f0e442", "#009e73", "#8c8c8c"] as const;

/** Two series in one chart, told apart by every kind of colour vision (Okabe and Ito, "Color Universal Design", 2008). */
export const pairColours = { first: "#0072b2", second: "#e69f00" } as const;

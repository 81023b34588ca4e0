/** The classes of Vangoor et al. (FAST 2017, section 5): how much slower than native a configuration is. */
export type PaperClass = "Green" | "Yellow" | "Orange" | "Red";

/** The bounds of the classes, in one line. */
export const PAPER_CLASSES =
  "Green: less than 5 % slower than native; Yellow: 5 to 25 %; Orange: 25 to 50 %; Red: more than 50 %";

/** The class of a throughput relative to native (1 is native's own). */
export function paperClass(relativeThroughput: number): PaperClass {
  if (relativeThroughput > 0.95) return "Green";
  if (relativeThroughput >= 0.75) return "Yellow";
  return relativeThroughput >= 0.5 ? "Orange" : "Red";
}

/** A class as tables and charts print it: with a question mark where the interval reaches into another class. */
export function classText({
  paperClass,
  isClassUncertain,
}: {
  paperClass: PaperClass | null;
  isClassUncertain: boolean;
}): string {
  return paperClass === null ? "" : `${paperClass}${isClassUncertain ? "?" : ""}`;
}

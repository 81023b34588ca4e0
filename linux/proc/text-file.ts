import { readFileSync } from "node:fs";

/** The text of a small file of /proc or /sys without the white space around it; null where it is missing or not readable. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return null;
  }
}

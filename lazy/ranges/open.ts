import { invalidValue } from "../../errors.js";
import { EmulatedRanges } from "./emulated-ranges.js";
import { FileRanges } from "./file-ranges.js";
import { HttpRanges } from "./http-ranges.js";
import { LimitedRanges } from "./limited-ranges.js";
import type { Link } from "./link.js";
import type { Ranges } from "./ranges.js";
import { type Patience, usualPatience } from "./retries.js";

/** The reads at once that an HTTP server gets: enough for 20 Mbit/s and 50 ms in ranges of 128 KiB, with some to spare. */
export const READS_AT_ONCE = 8;

export function isUrl(where: string): boolean {
  return /^https?:\/\//i.test(where);
}

/**
 * Opens a file, a directory, or a URL for reading. Nothing is read yet.
 *
 * @param link the link to emulate; null for none
 * @throws {FusemeterError} `BAD_OPTION` for a URL that is none
 */
export function openRanges(
  where: string,
  { link = null, patience = usualPatience }: { link?: Link | null; patience?: Patience } = {},
): Ranges {
  const plain = isUrl(where) ? new HttpRanges(urlOf(where), { connections: READS_AT_ONCE, patience }) : new FileRanges(where);
  return new LimitedRanges(link === null ? plain : new EmulatedRanges(plain, link), READS_AT_ONCE);
}

function urlOf(where: string): URL {
  try {
    const url = new URL(where);
    decodeURIComponent(`${url.username}${url.password}`);
    return url;
  } catch {
    throw invalidValue("URL", where, "http://HOST/PATH or https://HOST/PATH");
  }
}

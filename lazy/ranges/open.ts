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

export interface RangesOptions {
  /** The link to emulate; null, the default, for none. */
  readonly link?: Link | null;
  readonly patience?: Patience;
  /** The reads that may be under way at once. */
  readonly atOnce?: number;
}

/**
 * Opens a file, a directory, or a URL for reading. Nothing is read yet.
 *
 * @throws {FusemeterError} `BAD_OPTION` for a URL that is none
 */
export function openRanges(where: string, options: RangesOptions = {}): Ranges {
  const { link = null, patience = usualPatience, atOnce = READS_AT_ONCE } = options;
  const plain = isUrl(where) ? new HttpRanges(urlOf(where), { connections: atOnce, patience }) : new FileRanges(where);
  return new LimitedRanges(link === null ? plain : new EmulatedRanges(plain, link), atOnce);
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

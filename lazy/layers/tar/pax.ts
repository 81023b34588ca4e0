import { badLayer } from "../common/bad-layer.js";

/** The records of an extended header (POSIX pax): `LENGTH KEY=VALUE\n`, with a length that counts itself. Values are bytes. */
export type PaxRecords = ReadonlyMap<string, Buffer>;

const NEWLINE = 10;
const SPACE = 32;

/** @throws {FusemeterError} `BAD_LAYER` for records that are not of the form */
export function parsePax(body: Buffer): PaxRecords {
  const records = new Map<string, Buffer>();
  for (let begin = 0; begin < body.length; ) {
    const space = body.indexOf(SPACE, begin);
    const digits = space < 0 || space - begin > 10 ? "" : body.toString("latin1", begin, space);
    const end = /^[1-9]\d*$/.test(digits) ? begin + Number(digits) : -1;
    const equals = body.indexOf("=", space);
    if (end > body.length || equals < 0 || equals >= end || body[end - 1] !== NEWLINE)
      throw badLayer("an extended header of tar is broken");
    records.set(body.toString("utf8", space + 1, equals), body.subarray(equals + 1, end - 1));
    begin = end;
  }
  return records;
}

/** A record's value as a whole number that is not negative; null without the record. */
export function wholeOf(records: PaxRecords, key: string): number | null {
  const value = records.get(key)?.toString("latin1");
  if (value === undefined) return null;
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw badLayer(`the record ${key} of an extended header of tar can't be used`, "it is not a whole number");
}

/** The record `mtime`: seconds with a fraction. */
export function timeOf(records: PaxRecords): { mtimeSeconds: number; mtimeNanoseconds: number } | null {
  const value = records.get("mtime")?.toString("latin1");
  if (value === undefined) return null;
  const [, sign, seconds, fraction = ""] = /^(-?)(\d{1,12})(?:\.(\d*))?$/.exec(value) ?? [];
  if (seconds === undefined) throw badLayer("the record mtime of an extended header of tar can't be used", "it is not a time");
  const nanoseconds = Number(fraction.slice(0, 9).padEnd(9, "0"));
  if (sign === "") return { mtimeSeconds: Number(seconds), mtimeNanoseconds: nanoseconds };
  // Seconds are rounded down: -1.25 is -2 s and 750,000,000 ns.
  if (nanoseconds === 0) return { mtimeSeconds: -Number(seconds), mtimeNanoseconds: 0 };
  return { mtimeSeconds: -Number(seconds) - 1, mtimeNanoseconds: 1e9 - nanoseconds };
}

const XATTR = "SCHILY.xattr.";

/** The extended attributes in the records, as star, GNU tar and container tools write them; values in base64. */
export function xattrsOf(records: PaxRecords): Record<string, string> {
  const found = [...records].filter(([key]) => key.startsWith(XATTR));
  return Object.fromEntries(found.map(([key, value]) => [key.slice(XATTR.length), value.toString("base64")]));
}

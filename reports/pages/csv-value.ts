import { stringify } from "csv-stringify/sync";

/** A field of CSV. A figure that can't be given is an empty field, never 0. */
export type Value = string | number | boolean | null | undefined;

/** Column names (each with its unit) and values of one line. */
export type Line = Record<string, Value>;

/** @param last columns that stand behind all others */
export function csv(lines: readonly Line[], last: ReadonlySet<string> = new Set()): string {
  const names = [...new Set(lines.flatMap((line) => Object.keys(line)))];
  const columns = [...names.filter((name) => !last.has(name)), ...names.filter((name) => last.has(name))];
  return stringify([...lines], { header: true, columns, cast: { boolean: String } });
}

/** `pread64=1.5 read=1`: counts by name in one field. */
export function byName(counts: Readonly<Record<string, number>> | null | undefined): string | null {
  if (counts === null || counts === undefined) return null;
  return Object.entries(counts)
    .map(([name, count]) => `${name}=${count}`)
    .join(" ");
}

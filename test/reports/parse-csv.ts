/** Reads CSV (RFC 4180) back into its header and its lines, an object each. */
export function parseCsv(text: string): { readonly header: readonly string[]; readonly lines: Record<string, string>[] } {
  const fields = [...text.matchAll(/("(?:[^"]|"")*"|[^",\n]*)(,|\n)/g)].map(([, field, end]) => ({
    value: field!.startsWith('"') ? field!.slice(1, -1).replaceAll('""', '"') : field!,
    isLast: end === "\n",
  }));
  const rows: string[][] = [[]];
  for (const { value, isLast } of fields) {
    rows.at(-1)!.push(value);
    if (isLast) rows.push([]);
  }
  const [header, ...lines] = rows.slice(0, -1);
  return {
    header: header!,
    lines: lines.map((line) => Object.fromEntries(header!.map((name, column) => [name, line[column]!]))),
  };
}

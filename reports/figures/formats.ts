/** A size as `4 KiB` or `1 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[unit]}`;
}

/** A readahead window as an axis or a table names it: `off`, `16 KiB`, `1 MiB`. */
export function formatWindow(kiB: number): string {
  return kiB === 0 ? "off" : formatBytes(kiB * 1024);
}

const threeDigits = new Intl.NumberFormat("en-US", { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** A measured figure with three digits, or all digits before the point where there are more: `0.853`, `35.1`, `12,345`. */
export function formatMeasured(value: number): string {
  return Math.abs(value) >= 99.95 ? whole.format(value) : threeDigits.format(value);
}

/** A count per operation: two decimals, three where it is small, never a zero that is none: `3.00`, `0.031`, `<0.001`. */
export function formatCount(value: number): string {
  if (value > 0 && value < 0.0005) return "<0.001";
  return value !== 0 && Math.abs(value) < 0.0995 ? value.toFixed(3) : value.toFixed(2);
}

/** A ratio in percent, without the sign: 0.0283 is `2.83`, 0.9764 is `97.6`, 89.4 is `8,940`. */
export function formatPercent(ratio: number): string {
  if (ratio >= 9.9995) return formatMeasured(ratio * 100);
  return ratio < 0.09995 ? (ratio * 100).toFixed(2) : (ratio * 100).toFixed(1);
}

/** A ratio as a factor: `1.05x`, `35.1x`. */
export function formatFactor(ratio: number): string {
  return `${ratio < 9.995 ? ratio.toFixed(2) : formatMeasured(ratio)}x`;
}

/** The three facts that name a cell beside its backend: `rnd-rd-1th-1f 4 KiB warm`. */
export function formatCell(cell: { readonly workload: string; readonly ioSizeBytes: number; readonly cache: string }): string {
  return `${cell.workload} ${formatBytes(cell.ioSizeBytes)} ${cell.cache}`;
}

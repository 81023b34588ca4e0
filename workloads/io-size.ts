import { invalidValue } from "../errors.js";

/** The paper's I/O sizes under the paper's names. Its "KB" and "MB" are powers of two. */
export const ioSizeNames = ["4KB", "32KB", "128KB", "1MB"] as const;

const unitBytes: Readonly<Record<string, number>> = { "": 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

/**
 * Bytes of a size as people write it: `4096`, `4K`, `4KB`, `4KiB`, `1MB`, `2G`. All units are powers of two, as in fio.
 *
 * @param name the option, or the thing that has this size, for the error
 * @throws {FusemeterError} `BAD_SIZE`
 */
export function parseSizeBytes(text: string, name: string): number {
  const match = /^(\d+)([KMGT]?)(?:i?B)?$/i.exec(text.trim());
  const bytes = match === null ? Number.NaN : Number(match[1]) * unitBytes[match[2]!.toUpperCase()]!;
  if (!Number.isSafeInteger(bytes) || bytes <= 0) {
    throw invalidValue(name, text, "a number with KB, MB or GB, for instance 128KB", "BAD_SIZE");
  }
  return bytes;
}

/**
 * Bytes of an I/O size.
 *
 * @throws {FusemeterError} `BAD_SIZE` for a text that is no size, or a size that is not a multiple of the 4 KiB page
 */
export function parseIoSizeBytes(text: string): number {
  const bytes = parseSizeBytes(text, "I/O size");
  if (bytes % 4096 !== 0 || bytes > 16 * 1024 ** 2) {
    throw invalidValue("I/O size", text, `a multiple of 4KB up to 16MB, for instance ${ioSizeNames.join(", ")}`, "BAD_SIZE");
  }
  return bytes;
}

/** The paper's way of writing a size: 4096 is `4KB`, 1048576 is `1MB`. */
export function formatSize(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && value % 1024 === 0 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value}${units[unit]}`;
}

import { badLayer } from "../common/bad-layer.js";

/** The size of a header, and the unit that bodies are padded to (POSIX pax, "ustar Interchange Format"). */
export const BLOCK_BYTES = 512;

/** A header of a tar archive as it stands, before the extended headers in front of it are applied. */
export interface TarHeader {
  readonly name: Buffer;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Whole seconds since 1970. */
  readonly mtime: number;
  /** The type's flag: one character. */
  readonly type: string;
  readonly link: Buffer;
  readonly deviceMajor: number;
  readonly deviceMinor: number;
}

/**
 * Reads a header. Knows the old format, POSIX ustar, and GNU's.
 *
 * @param block 512 bytes
 * @param at the block's place in the archive, for messages
 * @returns null for a block of zeros, which ends an archive
 * @throws {FusemeterError} `BAD_LAYER` for a block that is no header
 */
export function parseHeader(block: Buffer, at: number): TarHeader | null {
  const sum = sumOf(block);
  if (sum === ZEROS) return null;
  if (octal(block.subarray(148, 156)) !== sum)
    throw badLayer(`byte ${at} of the layer is no header of tar`, "its checksum is wrong");
  const number = (begin: number, end: number) => {
    const value = numberOf(block.subarray(begin, end));
    if (value === null)
      throw badLayer(`the header of tar at byte ${at} can't be used`, `bytes ${begin} to ${end} of it are no number`);
    return value;
  };
  const isPosix = block.toString("latin1", 257, 263) === "ustar\0";
  const [name, prefix] = [text(block.subarray(0, 100)), isPosix ? text(block.subarray(345, 500)) : Buffer.alloc(0)];
  return {
    name: prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from("/"), name]),
    mode: number(100, 108),
    uid: number(108, 116),
    gid: number(116, 124),
    size: number(124, 136),
    mtime: number(136, 148),
    type: String.fromCharCode(block[156]!),
    link: text(block.subarray(157, 257)),
    // The old format has other things there.
    deviceMajor: block.toString("latin1", 257, 262) === "ustar" ? number(329, 337) : 0,
    deviceMinor: block.toString("latin1", 257, 262) === "ustar" ? number(337, 345) : 0,
  };
}

/** The sum of a block of zeros: its checksum counts as eight spaces. */
const ZEROS = 8 * 32;

function sumOf(block: Buffer): number {
  let sum = ZEROS;
  for (let i = 0; i < BLOCK_BYTES; i++) if (i < 148 || i >= 156) sum += block[i]!;
  return sum;
}

function text(field: Buffer): Buffer {
  const end = field.indexOf(0);
  return Buffer.from(end < 0 ? field : field.subarray(0, end));
}

/** A number in octal digits, or in base 256 as GNU writes large and negative ones; null for neither. */
function numberOf(field: Buffer): number | null {
  if ((field[0]! & 0x80) === 0) return octal(field);
  let value = BigInt.asIntN(8 * field.length, BigInt(`0x${field.toString("hex")}`));
  // The highest bit marks the form. The next one is the sign.
  if ((field[0]! & 0x40) === 0) value = BigInt.asUintN(8 * field.length - 1, value);
  return value >= -MOST && value <= MOST ? Number(value) : null;
}

const MOST = BigInt(Number.MAX_SAFE_INTEGER);

function octal(field: Buffer): number | null {
  const digits = field.toString("latin1").replace(/\0.*$/s, "").trim();
  if (digits === "") return 0;
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : null;
}

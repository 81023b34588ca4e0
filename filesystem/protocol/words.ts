/**
 * 64-bit fields live in two 32-bit words, the low one first: every host that Node runs on is little-endian.
 * A number is exact below 2^53; only values beyond it cost a bigint.
 */
export type U64 = number | bigint;

const HIGH = 2 ** 32;
/** The high word of 2^53. */
const EXACT = 0x20_0000;

/** The unsigned 64-bit value at a word. */
export function readU64(words: Uint32Array, at: number): U64 {
  const low = words[at]!;
  const high = words[at + 1]!;
  return high < EXACT ? high * HIGH + low : (BigInt(high) << 32n) | BigInt(low);
}

/** The signed 64-bit value at a word: seconds before 1970, offsets given to lseek. */
export function readS64(words: Uint32Array, at: number): U64 {
  const high = words[at + 1]! | 0;
  return high >= -EXACT && high < EXACT
    ? high * HIGH + words[at]!
    : BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(words[at]!));
}

/** Writes a 64-bit value, of either sign, at a word. */
export function writeU64(words: Uint32Array, at: number, value: U64): void {
  if (typeof value === "bigint") {
    words[at] = Number(value & 0xffff_ffffn);
    words[at + 1] = Number((value >> 32n) & 0xffff_ffffn);
  } else {
    words[at] = value;
    words[at + 1] = Math.floor(value / HIGH);
  }
}

/** Copies a 64-bit field without looking at it. */
export function copyU64(to: Uint32Array, toAt: number, from: Uint32Array, fromAt: number): void {
  to[toAt] = from[fromAt]!;
  to[toAt + 1] = from[fromAt + 1]!;
}

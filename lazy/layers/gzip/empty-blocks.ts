/**
 * Blocks of deflate that hold nothing, of any number of bits modulo 8. node:zlib can begin at a byte alone: such blocks in front of a
 * block that begins in the middle of a byte bring it to its bit.
 */

/** Bits in the order of deflate: from the lowest of each byte on. */
class Bits {
  readonly #bits: number[] = [];

  get length(): number {
    return this.#bits.length;
  }

  /** Appends a number, its lowest bit first. */
  number(value: number, length: number): this {
    for (let i = 0; i < length; i++) this.#bits.push((value >> i) & 1);
    return this;
  }

  bytes(): Buffer {
    const bytes = Buffer.alloc(Math.ceil(this.#bits.length / 8));
    for (const [i, bit] of this.#bits.entries()) bytes[i >> 3]! |= bit << (i & 7);
    return bytes;
  }
}

/** Fixed codes (RFC 1951, 3.2.6): 3 bits of header and 7 of the end. */
function addFixed(bits: Bits): void {
  bits.number(0b010, 3).number(0, 7);
}

/** Dynamic codes (RFC 1951, 3.2.7): 91 bits, so that odd numbers can be had. */
function addDynamic(bits: Bits): void {
  // Not the last, dynamic, 257 codes of literals, 1 of distances, 18 lengths of the codes for lengths.
  bits.number(0b100, 3).number(0, 5).number(0, 5).number(14, 4);
  // In the order 16 17 18 0 8 7 9 6 10 5 11 4 12 3 13 2 14 1: the symbols 18 and 1 have one bit each, 1 is coded 0 and 18 is coded 1.
  for (let i = 0; i < 18; i++) bits.number(i === 2 || i === 17 ? 1 : 0, 3);
  // The literal 0 has a code of one bit, the next 255 have none (138 + 117 of them), the end has one bit; so has one distance.
  bits
    .number(0, 1)
    .number(1, 1)
    .number(138 - 11, 7)
    .number(1, 1)
    .number(117 - 11, 7)
    .number(0, 1)
    .number(0, 1);
  // The end: the second code of one bit.
  bits.number(1, 1);
}

/** Empty blocks of a number of bits that is `remainder` modulo 8; the rest of the last byte is zeros. */
export function emptyBlocks(remainder: number): Buffer {
  const bits = new Bits();
  if (remainder % 2 === 1) addDynamic(bits);
  while (bits.length % 8 !== remainder) addFixed(bits);
  return bits.bytes();
}

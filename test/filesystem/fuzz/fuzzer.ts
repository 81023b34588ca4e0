import { InHeader } from "../../../filesystem/protocol/header.js";
import { Opcode } from "../../../filesystem/protocol/opcodes.js";

/** A seeded generator of whole numbers below 2^32 (mulberry32): a run that failed can be had again. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

const opcodes = Object.values(Opcode);

/** Values that code trips over. */
const edges = [0, 1, 2, 3, 7, 255, 4095, 4096, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

const names = ["a", "b", "c", "d", "..", ".", "", "a/b", "/etc/passwd", "x".repeat(255), "x".repeat(256), "user.x", "\xff\xfe"];

/**
 * Writes a hostile FUSE message: mostly a real opcode, small and edge values where numbers go, names and rubbish where
 * the payload goes, often too short. Returns its length.
 */
export function writeMessage(random: () => number, bytes: Buffer, words: Uint32Array): number {
  const below = (limit: number) => random() % limit;
  const value = () => (below(3) === 0 ? edges[below(edges.length)]! : below(40));
  const argsWords = below(24);
  for (let word = 0; word < InHeader.bytes / 4 + argsWords; word++) words[word] = value();
  words[InHeader.opcode] = below(20) === 0 ? random() : opcodes[below(opcodes.length)]!;
  words[InHeader.nodeid] = below(8) === 0 ? value() : 1 + below(20);
  words[InHeader.nodeid + 1] = below(50) === 0 ? value() : 0;
  words[InHeader.totalExtlen] = below(10) === 0 ? value() : 0;
  let length = InHeader.bytes + argsWords * 4;
  for (let count = below(4); count > 0; count--) {
    length += bytes.write(names[below(names.length)]!, length, "latin1");
    if (below(10) > 0) bytes[length++] = 0;
  }
  for (let count = below(5) === 0 ? below(300) : 0; count > 0; count--) bytes[length++] = below(256);
  return below(10) === 0 ? Math.min(length, below(InHeader.bytes + 60)) : length;
}

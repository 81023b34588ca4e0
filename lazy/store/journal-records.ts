import { crc32 } from "node:zlib";

/** The identity of a journal: its tree. */
export interface JournalHead {
  /** The SHA-256 of the manifest, 32 bytes. */
  readonly manifest: Buffer;
  readonly chunkCount: number;
}

/**
 * The head of a journal, 64 bytes:
 *
 *     u8 magic[8]         0    u8 manifest[32]  16
 *     u32 version         8    u8 unused[12]    48
 *     u32 chunk_count    12    u32 crc          60   of the bytes before
 */
export const HEAD_BYTES = 64;

const MAGIC = Buffer.from("fm-lazy\n");
const VERSION = 1;

export function encodeHead({ manifest, chunkCount }: JournalHead): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  MAGIC.copy(head);
  head.writeUInt32LE(VERSION, 8);
  head.writeUInt32LE(chunkCount, 12);
  manifest.copy(head, 16, 0, 32);
  head.writeUInt32LE(crc32(head.subarray(0, 60)), 60);
  return head;
}

/** The kinds of records. */
export const Kind = {
  /** A chunk is in its file, verified. `value` is its number. */
  arrived: 1,
  /** The data of the first `value` records of arrivals has been synchronized to the disk. */
  synchronized: 2,
  /** Every chunk is there and every attribute is set, all of it synchronized. */
  sealed: 3,
} as const;

/**
 * A record, 16 bytes: u32 kind 0, u32 value 4, u32 index 8 (the record's place, from 0), u32 crc 12. The crc begins with the head's, so
 * no record of another journal passes for one of this.
 */
export const RECORD_BYTES = 16;

export interface Record {
  readonly kind: number;
  readonly value: number;
}

/** @param seed the head's crc */
export function encodeRecord({ kind, value }: Record, index: number, seed: number): Buffer {
  const record = Buffer.alloc(RECORD_BYTES);
  record.writeUInt32LE(kind, 0);
  record.writeUInt32LE(value, 4);
  record.writeUInt32LE(index, 8);
  record.writeUInt32LE(crc32(record.subarray(0, 12), seed), 12);
  return record;
}

/** The record at a byte of a buffer; null if those bytes are no such record. */
export function decodeRecord(bytes: Buffer, at: number, index: number, seed: number): Record | null {
  if (bytes.readUInt32LE(at + 12) !== crc32(bytes.subarray(at, at + 12), seed)) return null;
  if (bytes.readUInt32LE(at + 8) !== index) return null;
  return { kind: bytes.readUInt32LE(at), value: bytes.readUInt32LE(at + 4) };
}

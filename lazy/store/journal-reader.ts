import { readSync } from "node:fs";
import { decodeRecord, HEAD_BYTES, Kind, RECORD_BYTES } from "./journal-records.js";

/** The history in a journal, as far as it can be believed. */
export interface History {
  /** The numbers of chunks in the order of their arrival, each once. */
  readonly arrived: readonly number[];
  /** The number of those, from the first on, whose data was synchronized. The rest may be lost after a power failure. */
  readonly synchronized: number;
  readonly isSealed: boolean;
  /** The number of records that were believed. What follows them is torn, or not ours. */
  readonly records: number;
}

const BATCH_RECORDS = 4096;

/** Reads the records of a journal up to the first that can't be one. @param seed the crc of its head */
export function readHistory(fd: number, chunkCount: number, seed: number): History {
  const arrived: number[] = [];
  const seen = new Uint8Array(chunkCount);
  let synchronized = 0;
  let isSealed = false;
  let records = 0;
  /** Takes a record: false if it can't follow what is known. */
  const take = (kind: number, value: number): boolean => {
    if (isSealed) return false;
    if (kind === Kind.arrived) {
      if (value >= chunkCount || seen[value] === 1) return false;
      seen[value] = 1;
      arrived.push(value);
      return true;
    }
    if (kind === Kind.synchronized) {
      if (value <= synchronized || value > arrived.length) return false;
      synchronized = value;
      return true;
    }
    isSealed = kind === Kind.sealed && synchronized === chunkCount;
    return isSealed;
  };
  const batch = Buffer.alloc(BATCH_RECORDS * RECORD_BYTES);
  for (;;) {
    const length = readSync(fd, batch, 0, batch.length, HEAD_BYTES + records * RECORD_BYTES);
    const complete = Math.floor(length / RECORD_BYTES);
    if (complete === 0) break;
    for (let index = 0; index < complete; index++) {
      const record = decodeRecord(batch, index * RECORD_BYTES, records, seed);
      if (record === null || !take(record.kind, record.value)) return { arrived, synchronized, isSealed, records };
      records++;
    }
  }
  return { arrived, synchronized, isSealed, records };
}

import { fdatasync, fdatasyncSync, fstatSync, fsyncSync, ftruncateSync, readSync, renameSync, writeSync } from "node:fs";
import { promisify } from "node:util";
import { openBeneath } from "../../linux/libc/beneath.js";
import { errnoName } from "../../linux/libc/errno.js";
import { close } from "../../linux/libc/files.js";
import { Open } from "../../linux/libc/flags.js";
import { damaged } from "./errors.js";
import { type History, readHistory } from "./journal-reader.js";
import { encodeHead, encodeRecord, HEAD_BYTES, type JournalHead, Kind, RECORD_BYTES } from "./journal-records.js";

const synchronizeData = promisify(fdatasync);

/**
 * Makes a journal and puts it on the disk, in the place of another where there is one.
 *
 * @param directory of the store
 * @param arrived the chunks whose data has been synchronized
 */
export function createJournal(directory: number, name: string, head: JournalHead, arrived: readonly number[] = []): void {
  const made = `${name}.new`;
  const fd = openBeneath(directory, made, Open.WRONLY | Open.CREAT | Open.TRUNC | Open.NOFOLLOW | Open.NONBLOCK, 0o600);
  if (fd < 0) throw damaged(made, errnoName(-fd));
  try {
    const bytes = encodeHead(head);
    const seed = seedOf(bytes);
    const records = arrived.map((number, index) => encodeRecord({ kind: Kind.arrived, value: number }, index, seed));
    const end = { kind: Kind.synchronized, value: arrived.length };
    if (arrived.length > 0) records.push(encodeRecord(end, arrived.length, seed));
    writeSync(fd, Buffer.concat([bytes, ...records]));
    fdatasyncSync(fd);
  } finally {
    close(fd);
  }
  renameSync(`/proc/self/fd/${directory}/${made}`, `/proc/self/fd/${directory}/${name}`);
  fsyncSync(directory);
}

/** The number that the checksums of a journal's records begin with: its head's own. */
function seedOf(head: Buffer): number {
  return head.readUInt32LE(HEAD_BYTES - 4);
}

/** The record of the chunks that have arrived. Records are only ever added. */
export class Journal {
  readonly history: History;
  readonly #fd: number;
  readonly #seed: number;
  #records: number;
  #arrived: number;

  /**
   * Opens a journal and reads its history. Records that can't be believed are cut off.
   *
   * @param head expected
   * @throws FusemeterError `STORE_DAMAGED` if it is not the journal of this tree
   */
  constructor(directory: number, name: string, head: JournalHead) {
    // A FIFO in its place must not make the open wait.
    const fd = openBeneath(directory, name, Open.RDWR | Open.NOFOLLOW | Open.NONBLOCK);
    if (fd < 0) throw damaged(name, errnoName(-fd));
    try {
      if (!fstatSync(fd).isFile()) throw damaged(name, "it is no regular file");
      const expected = encodeHead(head);
      const found = Buffer.alloc(HEAD_BYTES);
      readSync(fd, found, 0, HEAD_BYTES, 0);
      if (!found.equals(expected)) throw damaged(name, "it does not begin with the head of this manifest's journal");
      this.#seed = seedOf(expected);
      this.history = readHistory(fd, head.chunkCount, this.#seed);
      ftruncateSync(fd, HEAD_BYTES + this.history.records * RECORD_BYTES);
    } catch (error) {
      close(fd);
      throw error;
    }
    this.#fd = fd;
    this.#records = this.history.records;
    this.#arrived = this.history.arrived.length;
  }

  /** The number of arrivals that it records. */
  get arrived(): number {
    return this.#arrived;
  }

  /** Adds the arrival of a chunk, whose data is in its file. The record is not on the disk yet. */
  addArrival(number: number): void {
    this.#add(Kind.arrived, number);
    this.#arrived++;
  }

  /** Records, and puts on the disk, that the data of the first `arrivals` arrivals is there. */
  async addSynchronized(arrivals: number): Promise<void> {
    this.#add(Kind.synchronized, arrivals);
    await synchronizeData(this.#fd);
  }

  /** Records, and puts on the disk, that everything is there. */
  async seal(): Promise<void> {
    this.#add(Kind.sealed, 0);
    await synchronizeData(this.#fd);
  }

  close(): void {
    close(this.#fd);
  }

  #add(kind: number, value: number): void {
    const record = encodeRecord({ kind, value }, this.#records, this.#seed);
    writeSync(this.#fd, record, 0, RECORD_BYTES, HEAD_BYTES + this.#records * RECORD_BYTES);
    this.#records++;
  }
}

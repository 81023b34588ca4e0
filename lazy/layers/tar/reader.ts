import { badLayer } from "../common/bad-layer.js";
import { entryFrom, type TarEntry } from "./entry.js";
import { BLOCK_BYTES, parseHeader, type TarHeader } from "./header.js";
import { type PaxRecords, parsePax } from "./pax.js";

/** The largest extended header, long name or long link: it is held whole. Attributes of one file have 512 KiB at the most. */
const MOST_EXTENSION_BYTES = 2 ** 20;

/** The parties that an archive's parts go to, in the order of the archive. */
export interface TarVisitor {
  /** An entry begins; its content follows. */
  entry(entry: TarEntry): void;
  /** @param offset the bytes' place in the archive */
  content(bytes: Uint8Array, offset: number): void;
  /** All content of the last file has passed. */
  end(): void;
}

/**
 * Reads a tar archive that is pushed in pieces of any size. Holds one block, or one extended header of at most 1 MiB. The places of
 * contents in the archive are the reason that it is ours: readers on npm give the contents alone, and some hold headers of any size.
 */
export class TarReader {
  readonly #visitor: TarVisitor;
  /** The bytes of the archive that have passed. */
  #at = 0;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** The bytes that must be held before the next step. */
  #wanted = BLOCK_BYTES;
  /** The header whose body is being held: of an extension; null while a header is due. */
  #extension: TarHeader | null = null;
  #fileLeft = 0;
  #padding = 0;
  #isEnded = false;
  #isFileOpen = false;
  #global: PaxRecords = new Map();
  #own: PaxRecords = new Map();
  #name: Buffer | null = null;
  #link: Buffer | null = null;

  constructor(visitor: TarVisitor) {
    this.#visitor = visitor;
  }

  /** True when the archive has told its end: bytes behind it are ignored. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** @throws {FusemeterError} `BAD_LAYER` */
  push(bytes: Uint8Array): void {
    for (let begin = 0; begin < bytes.length && !this.#isEnded; ) {
      const taken = this.#take(bytes.subarray(begin));
      begin += taken;
      this.#at += taken;
    }
  }

  /** The archive is over. @throws {FusemeterError} `BAD_LAYER` where it ends in the middle of an entry, or has no header at all */
  end(): void {
    if (this.#isEnded) return;
    const isWhole = this.#at > 0 && this.#heldBytes === 0 && this.#extension === null && this.#fileLeft === 0;
    if (!isWhole) throw badLayer(`the layer ends at byte ${this.#at}, in the middle of an entry`);
  }

  /** Takes some of the bytes, at least one. */
  #take(bytes: Uint8Array): number {
    if (this.#fileLeft > 0) {
      const content = bytes.subarray(0, this.#fileLeft);
      this.#fileLeft -= content.length;
      this.#visitor.content(content, this.#at);
      if (this.#fileLeft === 0) this.#endFile();
      return content.length;
    }
    if (this.#padding > 0) {
      const skipped = Math.min(this.#padding, bytes.length);
      this.#padding -= skipped;
      return skipped;
    }
    const piece = bytes.subarray(0, this.#wanted - this.#heldBytes);
    // A copy: the caller may use its buffer again.
    this.#held.push(Uint8Array.prototype.slice.call(piece));
    this.#heldBytes += piece.length;
    if (this.#heldBytes === this.#wanted) this.#step(Buffer.concat(this.#held), this.#at + piece.length);
    return piece.length;
  }

  /** @param end the place in the archive behind the held bytes */
  #step(held: Buffer, end: number): void {
    [this.#held, this.#heldBytes, this.#wanted] = [[], 0, BLOCK_BYTES];
    if (this.#extension !== null) {
      this.#extend(this.#extension.type, held);
      this.#padding = -this.#extension.size & (BLOCK_BYTES - 1);
      this.#extension = null;
      return;
    }
    const header = parseHeader(held, end - BLOCK_BYTES);
    if (header === null) {
      // One block of zeros is enough: GNU tar warns of a lone one, and reads no further either.
      this.#isEnded = true;
    } else if ("xgLK".includes(header.type)) {
      this.#await(header);
    } else {
      this.#begin(header);
    }
  }

  #await(header: TarHeader): void {
    if (header.size < 0 || header.size > MOST_EXTENSION_BYTES) {
      throw badLayer(
        "an extended header of the layer can't be used",
        `it has ${header.size} bytes, the most is ${MOST_EXTENSION_BYTES}`,
      );
    }
    if (header.size === 0) return;
    this.#extension = header;
    this.#wanted = header.size;
  }

  #extend(type: string, body: Buffer): void {
    const text = () => body.subarray(0, body.includes(0) ? body.indexOf(0) : body.length);
    if (type === "x") this.#own = parsePax(body);
    else if (type === "g") this.#global = new Map([...this.#global, ...parsePax(body)]);
    else if (type === "L") this.#name = text();
    else this.#link = text();
    if (this.#global.size > 1000) throw badLayer("the layer has more than 1000 global records");
  }

  #begin(header: TarHeader): void {
    const entry = entryFrom(header, { global: this.#global, own: this.#own, name: this.#name, link: this.#link });
    [this.#own, this.#name, this.#link] = [new Map(), null, null];
    this.#visitor.entry(entry);
    this.#isFileOpen = entry.type === "file";
    this.#fileLeft = entry.size;
    this.#padding = -entry.size & (BLOCK_BYTES - 1);
    if (entry.size === 0) this.#endFile();
  }

  #endFile(): void {
    if (this.#isFileOpen) this.#visitor.end();
    this.#isFileOpen = false;
  }
}

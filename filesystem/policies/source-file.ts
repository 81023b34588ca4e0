import { fstatSync, readSync } from "node:fs";
import type { SourceFile } from "../serving/policy.js";

/** A file of the source, by a descriptor that can be read. */
export class DescriptorFile implements SourceFile {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  get sizeBytes(): number {
    return fstatSync(this.#fd).size;
  }

  get version(): string {
    const { dev, ino, ctimeNs, mtimeNs, size } = fstatSync(this.#fd, { bigint: true });
    return `${dev}:${ino}:${ctimeNs}:${mtimeNs}:${size}`;
  }

  read(into: Buffer, offset: number): number {
    let length = 0;
    while (length < into.length) {
      const read = readSync(this.#fd, into, length, into.length - length, offset + length);
      if (read === 0) break;
      length += read;
    }
    return length;
  }
}

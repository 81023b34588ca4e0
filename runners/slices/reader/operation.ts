import { pread, pwrite } from "../../../linux/libc/files.js";
import type { Address } from "../../../linux/libc/libc.js";
import { copy, mapFile } from "../../../linux/libc/mapping.js";
import type { JobContender, SliceJob } from "./protocol.js";

/** One operation on an open file. @returns the bytes that were moved, or `-errno` */
export type Operation = (fd: number, memory: Address, bytes: number, offset: number) => number;

/** An operation on one open file. */
export interface OpenOperation {
  readonly run: Operation;
  /** Called before cached pages are dropped. */
  readonly forget: () => void;
  readonly release: () => void;
}

const holdsNothing = { forget() {}, release() {} };

/** The operation of a contender on its open file, or `-errno`. */
export function operationOn(fd: number, job: SliceJob, { access, advice }: JobContender): OpenOperation | number {
  if (job.operation === "write") return { run: pwrite as Operation, ...holdsNothing };
  if (access === "read") return { run: pread as Operation, ...holdsNothing };
  const mapping = mapFile(fd, job.fileSizeBytes, advice === "random");
  if (typeof mapping === "number") return mapping;
  return {
    run(_fd, memory, bytes, offset) {
      copy(memory, mapping.address + offset, bytes);
      return bytes;
    },
    forget: mapping.forget,
    release: mapping.unmap,
  };
}

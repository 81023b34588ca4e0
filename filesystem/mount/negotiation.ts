import { FusemeterError } from "../../errors.js";
import { Errno, errnoName } from "../../linux/libc/errno.js";
import { read, write } from "../../linux/libc/files.js";
import { Memory } from "../../linux/libc/memory.js";
import { pageSizeBytes } from "../../linux/libc/page-size.js";
import { encodeOutHeader, InHeader, OutHeader } from "../protocol/header.js";
import {
  ABI,
  decodeInitIn,
  encodeInitOut,
  INIT_OUT_BYTES,
  type InitFlag,
  type InitIn,
  type InitOut,
  OLDEST_MINOR,
} from "../protocol/init.js";
import { Opcode } from "../protocol/opcodes.js";

/** Room for INIT itself, before any size is negotiated: FUSE_MIN_READ_BUFFER. */
const INIT_ROOM_BYTES = 8192;

/** The flags that are taken if the kernel offers them. */
const wanted: readonly InitFlag[] = [
  "ASYNC_READ",
  "ATOMIC_O_TRUNC",
  "POSIX_LOCKS",
  "FLOCK_LOCKS",
  "SETXATTR_EXT",
  "DONT_MASK",
  "HANDLE_KILLPRIV_V2",
  "POSIX_ACL",
  "CREATE_SUPP_GROUP",
  "BIG_WRITES",
  "AUTO_INVAL_DATA",
  "DO_READDIRPLUS",
  "READDIRPLUS_AUTO",
  "ASYNC_DIO",
  "PARALLEL_DIROPS",
  "ABORT_ERROR",
  "MAX_PAGES",
  "INIT_EXT",
];

/** The wishes of a mount. */
export interface Wishes {
  readonly passthrough: boolean;
  readonly ioUring: boolean;
  readonly writeback: boolean;
  readonly cacheSymlinks: boolean;
  /** True if a file that is open past the page cache may be mapped shared: its inode then has cached opens too. */
  readonly directMmap: boolean;
  /** The depth of a mount with passthrough in a stack of filesystems. */
  readonly stackDepth: number;
  /** The most requests that nobody's system call waits for, readahead above all, which the kernel may have under way. */
  readonly maxBackground: number;
  readonly maxReadaheadKiB: number | null;
  readonly maxIoBytes: number;
}

/** The agreement with the kernel. */
export interface Agreement {
  readonly minor: number;
  readonly offered: ReadonlySet<InitFlag>;
  readonly init: InitOut;
}

/** The answer to the kernel's offer. */
function agree(offer: InitIn, wishes: Wishes): InitOut {
  const flags = new Set(wanted.filter((flag) => offer.flags.has(flag)));
  const add = (wish: boolean, flag: InitFlag) => {
    if (wish && offer.flags.has(flag)) flags.add(flag);
  };
  add(wishes.passthrough, "PASSTHROUGH");
  add(wishes.ioUring, "OVER_IO_URING");
  add(wishes.writeback, "WRITEBACK_CACHE");
  add(wishes.cacheSymlinks, "CACHE_SYMLINKS");
  add(wishes.directMmap, "DIRECT_IO_ALLOW_MMAP");
  return {
    maxReadahead: Math.min(offer.maxReadahead, (wishes.maxReadaheadKiB ?? Number.POSITIVE_INFINITY) * 1024),
    flags,
    maxBackground: wishes.maxBackground,
    congestionThreshold: wishes.maxBackground * 0.75,
    maxWrite: wishes.maxIoBytes,
    timeGranularity: 1,
    maxPages: flags.has("MAX_PAGES") ? Math.ceil(wishes.maxIoBytes / pageSizeBytes) : 0,
    maxStackDepth: flags.has("PASSTHROUGH") ? wishes.stackDepth : 0,
  };
}

/**
 * Answers INIT, the first request of a fresh connection. A kernel with a newer major number is told ours and asks again.
 *
 * @throws FusemeterError if the kernel speaks an ABI that is too old
 */
export function negotiate(device: number, wishes: Wishes): Agreement {
  const input = new Memory(INIT_ROOM_BYTES);
  const output = new Memory(OutHeader.bytes + INIT_OUT_BYTES);
  const body = input.words.subarray(InHeader.bytes / 4);
  for (;;) {
    const length = read(device, input.address, input.bytes.length);
    if (length === -Errno.EINTR || length === -Errno.ENOENT) continue;
    if (length < InHeader.bytes + 8 || input.words[InHeader.opcode] !== Opcode.INIT) {
      throw new Error(length < 0 ? `read /dev/fuse: ${errnoName(-length)}` : "the first request is not INIT");
    }
    const offer = decodeInitIn(body, length - InHeader.bytes);
    if (offer.major < ABI.major || (offer.major === ABI.major && offer.minor < OLDEST_MINOR)) {
      answer(device, input, output, -Errno.EPROTO);
      throw new FusemeterError({
        code: "FUSE_ABI_TOO_OLD",
        fault: "host",
        problem: `this kernel speaks FUSE ${offer.major}.${offer.minor}`,
        remedy: `use one with ${ABI.major}.${OLDEST_MINOR} or later`,
      });
    }
    const init = agree(offer, wishes);
    encodeInitOut(output.words.subarray(OutHeader.bytes / 4), init);
    answer(device, input, output, INIT_OUT_BYTES);
    if (offer.major === ABI.major) return { minor: Math.min(offer.minor, ABI.minor), offered: offer.flags, init };
  }
}

function answer(device: number, input: Memory, output: Memory, result: number): void {
  encodeOutHeader(output.words, input.words, result);
  const sent = write(device, output.address, output.words[OutHeader.len]!);
  if (sent < 0) throw new Error(`write /dev/fuse: ${errnoName(-sent)}`);
}

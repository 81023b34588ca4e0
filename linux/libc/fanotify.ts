import { Errno } from "./errno.js";
import { At } from "./flags.js";
import { bind } from "./libc.js";
import { cString, type Memory } from "./memory.js";

const fanotifyInit = bind("int fanotify_init(uint32_t, uint32_t)");
const fanotifyMark = bind("int fanotify_mark(int, uint32_t, uint64_t, int, const void *)");

/** Flags of fanotify_init(2). */
const FAN_CLOEXEC = 0x1;
const FAN_NONBLOCK = 0x2;
const FAN_UNLIMITED_QUEUE = 0x10;
/** FAN_REPORT_FID, FAN_REPORT_DIR_FID, FAN_REPORT_NAME, FAN_REPORT_TARGET_FID (Linux 5.17): file handles and names, not descriptors. */
const FAN_REPORT_DFID_NAME_TARGET = 0x200 | 0x400 | 0x800 | 0x1000;

/** Flags of fanotify_mark(2). */
const FAN_MARK_ADD = 0x1;
const FAN_MARK_FILESYSTEM = 0x100;

/** Events. */
export const Fan = {
  MODIFY: 0x2,
  ATTRIB: 0x4,
  MOVED_FROM: 0x40,
  MOVED_TO: 0x80,
  CREATE: 0x100,
  DELETE: 0x200,
  Q_OVERFLOW: 0x4000,
  ONDIR: 0x4000_0000,
} as const;

/** Types of the records after an event. */
const FAN_EVENT_INFO_TYPE_FID = 1;
const FAN_EVENT_INFO_TYPE_DFID_NAME = 2;

/** One change on a filesystem. Handles are words in the event's memory: struct file_handle. */
export interface FanotifyEvent {
  readonly mask: number;
  /** The process that changed it. */
  readonly pid: number;
  /** The changed file; null if it is not told. */
  readonly file: Uint32Array | null;
  /** The directory that it is in, and its name there. */
  readonly directory: Uint32Array | null;
  readonly name: Buffer | null;
}

/**
 * Watches a whole filesystem for files that are made, removed, renamed and changed. One mark, however large the tree.
 * Needs CAP_SYS_ADMIN.
 *
 * @param unlimited keeps any number of events; otherwise one too many is an overflow, Fan.Q_OVERFLOW
 * @returns a descriptor, or -errno: EXDEV and EOPNOTSUPP if the filesystem can't tell its files apart
 */
export function watchFilesystem(directory: string, unlimited: boolean): number {
  const flags = FAN_CLOEXEC | FAN_NONBLOCK | FAN_REPORT_DFID_NAME_TARGET | (unlimited ? FAN_UNLIMITED_QUEUE : 0);
  const fd = fanotifyInit(flags, 0);
  if (fd < 0) return fd;
  const mask = Fan.MODIFY | Fan.ATTRIB | Fan.MOVED_FROM | Fan.MOVED_TO | Fan.CREATE | Fan.DELETE | Fan.ONDIR;
  const marked = fanotifyMark(fd, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, mask, At.FDCWD, cString(directory));
  return marked < 0 ? marked : fd;
}

/**
 * The events in the first `length` bytes of a buffer that was read:
 *
 *     struct fanotify_event_metadata     struct fanotify_event_info_fid
 *      0  u32 event_len                   0  u8 info_type
 *      4  u8 vers                         2  u16 len
 *      6  u16 metadata_len                4  s32 fsid[2]
 *      8  u64 mask                       12  struct file_handle { u32 handle_bytes, s32 handle_type, u8 f_handle[] }
 *     16  s32 fd                             then, of DFID_NAME, the name and a NUL
 *     20  s32 pid
 */
export function* eventsIn(memory: Memory, length: number): Generator<FanotifyEvent> {
  const { bytes, words } = memory;
  for (let at = 0; at + 24 <= length; ) {
    const eventBytes = words[at / 4]!;
    let file: Uint32Array | null = null;
    let directory: Uint32Array | null = null;
    let name: Buffer | null = null;
    for (let record = at + bytes.readUInt16LE(at + 6); record + 4 <= at + eventBytes; ) {
      const recordBytes = bytes.readUInt16LE(record + 2);
      const handleAt = record + 12;
      const handleEnd = handleAt + 8 + bytes.readUInt32LE(handleAt);
      const handle = words.slice(handleAt / 4, Math.ceil(handleEnd / 4));
      if (bytes[record] === FAN_EVENT_INFO_TYPE_FID) file = handle;
      if (bytes[record] === FAN_EVENT_INFO_TYPE_DFID_NAME) {
        directory = handle;
        name = Buffer.from(bytes.subarray(handleEnd, bytes.indexOf(0, handleEnd)));
      }
      record += Math.max(recordBytes, 4);
    }
    yield { mask: words[at / 4 + 2]!, pid: words[at / 4 + 5]!, file, directory, name };
    at += Math.max(eventBytes, 24);
  }
}

const poll = bind("int poll(void *, unsigned long, int)");

/** Waits until one of two descriptors can be read, or for some time (-1: for ever): for each, true if it can be read. */
export function waitForEither(first: number, second: number, milliseconds: number): readonly [boolean, boolean] {
  // struct pollfd { int fd; short events; short revents } twice. POLLIN is 1.
  const descriptors = Uint32Array.of(first, 1, second, 1);
  const ready = poll(descriptors, 2, milliseconds);
  if (ready < 0 && ready !== -Errno.EINTR) throw new Error(`poll: errno ${-ready}`);
  return [ready > 0 && descriptors[1]! >>> 16 !== 0, ready > 0 && descriptors[3]! >>> 16 !== 0];
}

import { GetattrIn, SetattrIn } from "../protocol/attributes.js";
import { ReadIn, WriteIn } from "../protocol/data.js";
import { GetxattrIn, SetxattrIn } from "../protocol/extended-attributes.js";
import { CreateIn, FlushIn, FsyncIn, OpenIn, ReleaseIn } from "../protocol/files.js";
import { IoctlIn } from "../protocol/ioctl.js";
import { InterruptIn, LkIn } from "../protocol/locks.js";
import { AccessIn, BatchForgetIn, ForgetIn, LinkIn, MkdirIn, MknodIn, Rename2In, RenameIn } from "../protocol/names.js";
import { OPCODES, Opcode, type OpcodeName } from "../protocol/opcodes.js";
import { CopyFileRangeIn, FallocateIn, LseekIn } from "../protocol/ranges.js";
import { StatxIn } from "../protocol/statx.js";
import type { Settings } from "../serving/context.js";
import { defer } from "../serving/deferral.js";
import { access, getattr, setattr, statfs, statx, syncFilesystem } from "./attributes.js";
import { read, write } from "./data.js";
import { opendir, readdir, readdirplus, releasedir } from "./directories.js";
import * as extendedAttributes from "./extended-attributes.js";
import { create, flush, open, release } from "./files.js";
import { batchForget, forget } from "./forget.js";
import type { Handler } from "./handler.js";
import { ioctl } from "./ioctl.js";
import { interrupt, setLock, setLockWaiting } from "./locks.js";
import { link, lookup, mkdir, mknod, readlink, rename, rename2, rmdir, symlink, unlink } from "./names.js";
import { copyRange, copyRange64, fallocate, lseek } from "./ranges.js";
import { temporaryFile } from "./temporary.js";
import { zeros } from "./zeros.js";

/**
 * What is answered ENOSYS, and why. The kernel remembers it and does not ask again.
 *
 *     POLL            a regular file is always ready, which is what the kernel then says without asking
 *     BMAP            block numbers mean nothing without a block device (fuseblk)
 *     SETUPMAPPING    DAX windows are virtiofs's
 *     REMOVEMAPPING   likewise
 *     NOTIFY_REPLY    answers FUSE_NOTIFY_RETRIEVE, which is never sent
 *     INIT            is answered before the workers start
 */
const byName: Partial<Record<OpcodeName, Handler>> = {
  LOOKUP: { argsBytes: 0, handle: lookup },
  FORGET: { argsBytes: ForgetIn.bytes, handle: forget },
  BATCH_FORGET: { argsBytes: BatchForgetIn.bytes, handle: batchForget },
  GETATTR: { argsBytes: GetattrIn.bytes, handle: getattr },
  SETATTR: { argsBytes: SetattrIn.bytes, handle: setattr },
  READLINK: { argsBytes: 0, handle: readlink },
  SYMLINK: { argsBytes: 0, handle: symlink },
  MKNOD: { argsBytes: MknodIn.bytes, handle: mknod },
  MKDIR: { argsBytes: MkdirIn.bytes, handle: mkdir },
  UNLINK: { argsBytes: 0, handle: unlink },
  RMDIR: { argsBytes: 0, handle: rmdir },
  RENAME: { argsBytes: RenameIn.bytes, handle: rename },
  RENAME2: { argsBytes: Rename2In.bytes, handle: rename2 },
  LINK: { argsBytes: LinkIn.bytes, handle: link },
  OPEN: { argsBytes: OpenIn.bytes, handle: open },
  CREATE: { argsBytes: CreateIn.bytes, handle: create },
  READ: { argsBytes: ReadIn.bytes, handle: read },
  WRITE: { argsBytes: WriteIn.bytes, handle: write },
  FLUSH: { argsBytes: FlushIn.bytes, handle: flush },
  RELEASE: { argsBytes: ReleaseIn.bytes, handle: release },
  FSYNC: { argsBytes: FsyncIn.bytes, handle: defer },
  OPENDIR: { argsBytes: OpenIn.bytes, handle: opendir },
  READDIR: { argsBytes: ReadIn.bytes, handle: readdir },
  READDIRPLUS: { argsBytes: ReadIn.bytes, handle: readdirplus },
  RELEASEDIR: { argsBytes: ReleaseIn.bytes, handle: releasedir },
  FSYNCDIR: { argsBytes: FsyncIn.bytes, handle: defer },
  TMPFILE: { argsBytes: CreateIn.bytes, handle: temporaryFile },
  FALLOCATE: { argsBytes: FallocateIn.bytes, handle: fallocate },
  LSEEK: { argsBytes: LseekIn.bytes, handle: lseek },
  COPY_FILE_RANGE: { argsBytes: CopyFileRangeIn.bytes, handle: copyRange },
  COPY_FILE_RANGE_64: { argsBytes: CopyFileRangeIn.bytes, handle: copyRange64 },
  STATX: { argsBytes: StatxIn.bytes, handle: statx },
  SYNCFS: { argsBytes: 8, handle: syncFilesystem },
  SETXATTR: { argsBytes: SetxattrIn.bytesWithoutExt, handle: extendedAttributes.set },
  GETXATTR: { argsBytes: GetxattrIn.bytes, handle: extendedAttributes.get },
  LISTXATTR: { argsBytes: GetxattrIn.bytes, handle: extendedAttributes.list },
  REMOVEXATTR: { argsBytes: 0, handle: extendedAttributes.remove },
  GETLK: { argsBytes: LkIn.bytes, handle: defer },
  SETLK: { argsBytes: LkIn.bytes, handle: setLock },
  SETLKW: { argsBytes: LkIn.bytes, handle: setLockWaiting },
  INTERRUPT: { argsBytes: InterruptIn.bytes, handle: interrupt },
  IOCTL: { argsBytes: IoctlIn.bytes, handle: ioctl },
  DESTROY: { argsBytes: 0, handle: () => 0 },
  STATFS: { argsBytes: 0, handle: statfs },
  ACCESS: { argsBytes: AccessIn.bytes, handle: access },
};

type Table = readonly (Handler | undefined)[];

function tableOf(byName: Partial<Record<OpcodeName, Handler>>): Table {
  const table: (Handler | undefined)[] = new Array(OPCODES).fill(undefined);
  for (const [name, handler] of Object.entries(byName)) table[Opcode[name as OpcodeName]] = handler;
  return table;
}

/** The handler of each opcode; an opcode without one is answered ENOSYS, which the kernel remembers. */
export const handlers: Readonly<Record<Settings["content"], Table>> = { source: tableOf(byName), zeros: tableOf(zeros) };

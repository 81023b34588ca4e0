import type { OpcodeName } from "../../filesystem/protocol/index.js";

/** A small change of the compiled filesystem that a test must notice. */
export interface Mutant {
  readonly operation: OpcodeName;
  /** Below `dist/filesystem/`, without its ending. */
  readonly file: string;
  /** The text to be replaced, which is there once. */
  readonly find: string;
  readonly replace: string;
  /** Test files below `test/filesystem/` that must fail. */
  readonly tests: readonly string[];
}

const MOUNT = "mount/mount.test.ts";
const OPERATIONS = "operations/operations.test.ts";
const CACHES = "serving/cache-modes.test.ts";
const WRITEBACK = "mount/writeback.test.ts";
const TIMES = "operations/times.test.ts";
const FAULTS = "faults.test.ts";
const DESCRIPTORS = "descriptors.test.ts";

type Change = readonly [find: string, replace: string, ...tests: string[]];

function of(operation: OpcodeName, file: string, ...changes: readonly Change[]): Mutant[] {
  return changes.map(([find, replace, ...tests]) => ({ operation, file, find, replace, tests }));
}

/** A handful for each operation, written by hand. */
export const mutants: readonly Mutant[] = [
  ...of(
    "LOOKUP",
    "operations/entry",
    ["inodes.hasHandle(nodeId, handle.words)", "true", DESCRIPTORS],
    ["inodes.disown(nodeId);", "", DESCRIPTORS],
    ["Open.PATH | Open.NOFOLLOW | Open.CLOEXEC", "Open.PATH | Open.CLOEXEC", MOUNT],
    ["if (known !== 0)\n        inodes.forget(known, 1);", "", DESCRIPTORS],
  ),
  ...of(
    "LOOKUP",
    "operations/names",
    ["if (nodeId === -Errno.ENOENT) {", "if (false) {", CACHES],
    [
      "encodeEntry(reply.words, 0, 0, 0, entryTimeout, attrTimeout, null);",
      "encodeEntry(reply.words, 0, 1, 0, entryTimeout, attrTimeout, context.registers.statx.words);",
      MOUNT,
    ],
  ),
  ...of(
    "FORGET",
    "tables/inodes",
    ["if (left > 0)\n                return;", "", MOUNT, DESCRIPTORS],
    ["if (known === 0 || left < 0)", "if (true)", "walks.test.ts"],
  ),
  ...of("BATCH_FORGET", "operations/forget", ["Math.min(request.args[BatchForgetIn.count], room)", "1", "walks.test.ts"]),
  ...of(
    "GETATTR",
    "operations/attributes",
    [
      "fileOf(context, args, GetattrIn.fh) : fdOf(context, request.nodeId)",
      "fileOf(context, args, GetattrIn.fh) : fdOf(context, 1)",
      MOUNT,
    ],
    [
      "encodeAttrOut(reply.words, timeout, context.registers.statx.words);",
      "encodeAttrOut(reply.words, never, context.registers.statx.words);",
      CACHES,
    ],
  ),
  ...of(
    "SETATTR",
    "operations/attributes",
    ["const gid = valid & Fattr.GID ?", "const gid = valid & Fattr.UID ?", OPERATIONS, MOUNT],
    ["args[SetattrIn.mode] & 0o7777", "args[SetattrIn.mode] & 0o777", OPERATIONS],
    ["(valid & Fattr.KILL_SUIDGID) === 0, request.gid", "true, request.gid", OPERATIONS],
    ["if (valid & Fattr.FH)", "if (false)", FAULTS, OPERATIONS],
    ["copyU64(times, 4, args, SetattrIn.mtime);", "copyU64(times, 4, args, SetattrIn.atime);", MOUNT],
    ["return UTIME_OMIT;", "return UTIME_NOW;", MOUNT, OPERATIONS],
    ["return valid & now ? UTIME_NOW : value;", "return value;", OPERATIONS, MOUNT],
    [": answer(context, reply, fd, never)", ": answer(context, reply, fd)", OPERATIONS],
  ),
  ...of("STATX", "operations/attributes", ["args[StatxIn.sxMask] & STATX_KNOWN", "0x7ff", OPERATIONS]),
  ...of("STATFS", "operations/attributes", ["encodeStatfs(reply.words, context.registers.scratch.words);", "", MOUNT]),
  ...of("READLINK", "operations/names", ["Math.min(reply.capacity, 4096)", "1", MOUNT]),
  ...of("SYMLINK", "operations/names", [
    "symlinkat(request.payloadAddress + end + 1, directory, request.dataAddress)",
    "symlinkat(request.dataAddress, directory, request.dataAddress)",
    MOUNT,
  ]),
  ...of("MKNOD", "operations/names", [
    "mknodat(directory, request.dataAddress, request.args[MknodIn.mode]",
    "mknodat(directory, request.dataAddress, request.args[MknodIn.mode] & ~0o111",
    OPERATIONS,
    MOUNT,
  ]),
  ...of("MKDIR", "operations/names", [
    "context.caller.make(request, request.args[MkdirIn.umask], ",
    "context.caller.make(request, 0, ",
    OPERATIONS,
  ]),
  ...of("UNLINK", "operations/names", ["return remove(request, context, 0);", "return 0;", MOUNT]),
  ...of("RMDIR", "operations/names", ["At.REMOVEDIR", "0", MOUNT]),
  ...of("RENAME", "operations/names", [
    "return move(request, context, 0);",
    "return move(request, context, 1);",
    OPERATIONS,
    MOUNT,
    FAULTS,
  ]),
  ...of("RENAME2", "operations/names", [
    "return move(request, context, request.args[Rename2In.flags]);",
    "return move(request, context, 0);",
    OPERATIONS,
  ]),
  ...of(
    "LINK",
    "operations/names",
    ["At.SYMLINK_FOLLOW", "0", MOUNT],
    [
      "const nodeId = lookUp(context, directory, request.dataAddress);\n    return nodeId < 0 ? nodeId : writeEntry",
      "const nodeId = 1;\n    return nodeId < 0 ? nodeId : writeEntry",
      MOUNT,
    ],
  ),
  ...of(
    "OPEN",
    "operations/files",
    ["if ((flags & Open.TRUNC) !== 0)", "if (false)", OPERATIONS],
    ["if (kills)\n        context.invalidation.attributes(nodeId);", "", OPERATIONS],
    ["(modeOf(context.registers.statx.words) & (Mode.ISUID | Mode.ISGID)) === 0", "true", OPERATIONS],
    ["context.caller.mayKeepSetId(false);", "", OPERATIONS],
    ["if (fd === -Errno.EACCES && settings.writeback)", "if (false)", WRITEBACK],
    [
      "flags & ~(Open.CREAT | Open.EXCL | Open.NOCTTY | Open.DIRECT)",
      "flags & ~(Open.CREAT | Open.EXCL | Open.NOCTTY)",
      "reads.test.ts",
    ],
    ["& ~Open.APPEND", "", WRITEBACK],
  ),
  ...of(
    "CREATE",
    "operations/files",
    ["context.caller.make(request, request.args[CreateIn.umask], ", "context.caller.make(request, 0, ", OPERATIONS],
    ["return -Errno.ESTALE;", "return fd;", OPERATIONS, MOUNT],
  ),
  ...of(
    "FLUSH",
    "operations/files",
    ["context.invalidation.attributes(nodeId);\n    }\n    // Closing", "0;\n    }\n    // Closing", TIMES],
    ["owners.release(request.header[InHeader.nodeid], ownerOf(request.args, FlushIn.lockOwner));", "", OPERATIONS],
    ["return context.settings.reportsLate ? reportWriteErrors(fd) : 0;", "return 0;", FAULTS],
  ),
  ...of(
    "RELEASE",
    "operations/files",
    ["flock(fileOf(context, request.args, ReleaseIn.fh), Flock.UN);", "0;", OPERATIONS],
    ["opens.daemon--;", "0;", "policies/policies.test.ts"],
    ["return context.openFiles.close(request.args[ReleaseIn.fh]);", "return 0;", FAULTS],
    ["owners.releaseFile(request.header[InHeader.nodeid], fd);", "", OPERATIONS],
  ),
  ...of(
    "READ",
    "operations/data",
    ["if (size > reply.capacity)", "if (true)", MOUNT],
    [
      "pread(fd, reply.address, size, readU64(args, ReadIn.offset))",
      "pread(fd, reply.address, size, readU64(args, ReadIn.offset) % 2 ** 32)",
      OPERATIONS,
    ],
  ),
  ...of(
    "WRITE",
    "operations/data",
    [
      "context.caller.mayKeepSetId((args[WriteIn.writeFlags] & FUSE_WRITE_KILL_SUIDGID) === 0, request.gid);",
      "context.caller.mayKeepSetId(true, request.gid);",
      OPERATIONS,
    ],
    ["reply.words[WriteOut.size] = written;", "reply.words[WriteOut.size] = size;", FAULTS],
  ),
  ...of("FSYNC", "operations/synchronize", [
    "deferred.answer(request, error === null ? 0 : (error.errno ?? -Errno.EIO));",
    "deferred.answer(request, 0);",
    FAULTS,
    OPERATIONS,
  ]),
  ...of("FSYNCDIR", "operations/synchronize", [
    "FSYNCDIR: { argsBytes: FsyncIn.bytes, handle: defer, deferred: synchronizeDirectory }",
    "FSYNCDIR: { argsBytes: FsyncIn.bytes, handle: defer, deferred: synchronizeFile }",
    CACHES,
  ]),
  ...of(
    "OPENDIR",
    "operations/directories",
    ["Fopen.CACHE_DIR |", "", CACHES],
    ["if (context.settings.openlessDirectories)", "if (false)", CACHES],
  ),
  ...of(
    "READDIR",
    "operations/directories",
    ["if (length + takes > size)", "if (length + takes > size + 4096)", MOUNT],
    ["reply.words[out + Dirent.off] = words[dirent + 2];", "reply.words[out + Dirent.off] = 0;", MOUNT],
  ),
  ...of("READDIRPLUS", "operations/directories", [
    "const nodeId = dots ? 0 : Math.max",
    "const nodeId = Math.max",
    CACHES,
    MOUNT,
  ]),
  ...of("RELEASEDIR", "operations/directories", [
    "return context.openFiles.close(request.args[ReleaseIn.fh]);",
    "return 0;",
    FAULTS,
    MOUNT,
  ]),
  ...of(
    "TMPFILE",
    "operations/temporary",
    ["Open.TMPFILE |", "", OPERATIONS],
    ["(args[CreateIn.flags] & Open.EXCL) |", "", OPERATIONS],
  ),
  ...of("FALLOCATE", "operations/ranges", ["args[FallocateIn.mode]", "0", OPERATIONS]),
  ...of("LSEEK", "operations/ranges", [
    "readS64(args, LseekIn.offset), args[LseekIn.whence]);",
    "readS64(args, LseekIn.offset), 0);",
    OPERATIONS,
  ]),
  ...of("COPY_FILE_RANGE", "operations/ranges", [
    "copyU64(words, 2, args, CopyFileRangeIn.offOut);",
    "copyU64(words, 2, args, CopyFileRangeIn.offIn);",
    OPERATIONS,
  ]),
  ...of("COPY_FILE_RANGE_64", "operations/ranges", [
    "writeU64(reply.words, CopyFileRangeOut.bytesCopied, copied);",
    "writeU64(reply.words, CopyFileRangeOut.bytesCopied, 1);",
    OPERATIONS,
  ]),
  ...of("SETXATTR", "operations/extended-attributes", ["size, request.args[SetxattrIn.flags]", "size, 0", OPERATIONS]),
  ...of("GETXATTR", "operations/extended-attributes", ["if (length < 0 || size > 0)", "if (length < 0)", OPERATIONS]),
  ...of("LISTXATTR", "operations/extended-attributes", ["listxattr(path, reply.address, size)", "0", OPERATIONS]),
  ...of("REMOVEXATTR", "operations/extended-attributes", [
    "return removexattr(",
    "return 0 * removexattr.length + 0 && (",
    OPERATIONS,
  ]),
  ...of(
    "GETLK",
    "operations/locks",
    ["body.writeUInt32LE(found.type, LkOut.type * 4);", "body.writeUInt32LE(2, LkOut.type * 4);", OPERATIONS],
    ["body.writeUInt32LE(found.pid, LkOut.pid * 4);", "body.writeUInt32LE(0, LkOut.pid * 4);", OPERATIONS],
  ),
  ...of("SETLK", "operations/locks", [
    "return (type === LockType.RDLCK ? Flock.SH : Flock.EX) | Flock.NB;",
    "return Flock.SH | Flock.NB;",
    OPERATIONS,
  ]),
  ...of("SETLKW", "operations/waiting-locks", ["this.#timer ??= setInterval(() => this.retry(), RETRY_MS);", "", OPERATIONS]),
  ...of("INTERRUPT", "operations/waiting-locks", [
    "this.#waiting.delete(unique);\n        this.#answer(request, -Errno.EINTR);",
    "this.#waiting.delete(unique);",
    OPERATIONS,
  ]),
  ...of(
    "IOCTL",
    "operations/ioctl",
    ["if (setsFile(command))", "if (false)", OPERATIONS],
    ["return -Errno.ENOTTY;", "return -Errno.EINVAL;", OPERATIONS],
  ),
  ...of("ACCESS", "operations/attributes", ["return faccessat(", "return 0 && faccessat(", OPERATIONS, MOUNT]),
];

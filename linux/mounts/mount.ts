import { Errno } from "../libc/errno.js";
import { close } from "../libc/files.js";
import { At, Open } from "../libc/flags.js";
import { bind } from "../libc/libc.js";
import { emptyString, Memory } from "../libc/memory.js";
import { rawSyscallAt, syscallNumber } from "../libc/syscall-numbers.js";

/** `int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data)` */
const rawMount = bind("int mount(uintptr_t, uintptr_t, uintptr_t, unsigned long, uintptr_t)");

/** 0, or -errno. It takes memory, not addresses: of what only an address is left, the collector may free while the call is made. */
export function mount(source: Memory, target: Memory, type: Memory, flags: number, data: Memory): number {
  const done = rawMount(source.address, target.address, type.address, flags, data.address);
  // Read once more: so they are reachable until here.
  return source.bytes.length + target.bytes.length + type.bytes.length + data.bytes.length > 0 ? done : -Errno.EINVAL;
}
/** `int umount2(const char *target, int flags)` */
export const umount2 = bind("int umount2(uintptr_t, int)");

/** Flags of mount(2) (linux/mount.h) by the names that mount(8) gives them. */
export const mountFlags: Readonly<Record<string, number>> = {
  ro: 1,
  nosuid: 2,
  nodev: 4,
  noexec: 8,
  sync: 16,
  dirsync: 128,
  noatime: 1024,
  nodiratime: 2048,
  relatime: 1 << 21,
  strictatime: 1 << 24,
};

/** Flags of umount2(2): abort what is under way; detach now, clean up when no longer busy. */
export const MNT_FORCE = 1;
export const MNT_DETACH = 2;

/** linux/mount.h, linux/fcntl.h. */
const OPEN_TREE_CLONE = 1;
const AT_RECURSIVE = 0x8000;
const MOUNT_ATTR_ATIME_MASK = 0x70;

/** Options that say what reading does to the source: MOUNT_ATTR_RDONLY and the like. */
const sourceAttributes: Readonly<Record<string, number>> = {
  ro: 1,
  noatime: 0x10,
  nodiratime: 0x80,
  relatime: 0,
  strictatime: 0x20,
};

/** The attributes of mount_setattr(2) that flags of mount(2) ask for; null where they ask for none. */
export function sourceAttributesOf(flags: number): number | null {
  const asked = Object.keys(sourceAttributes).filter((name) => (flags & mountFlags[name]!) !== 0);
  return asked.length === 0 ? null : asked.reduce((sum, name) => sum | sourceAttributes[name]!, 0);
}

/**
 * Opens a directory by a mount of its own that is nowhere to be seen, with attributes that hold for the mounts below it too:
 * an O_PATH descriptor, or -errno (EPERM without CAP_SYS_ADMIN, ENOSYS before Linux 5.12).
 */
export function openByOwnMount(path: Memory, mountAttributes: number): number {
  const tree = rawSyscallAt(
    syscallNumber("open_tree")!,
    At.FDCWD,
    path.address,
    OPEN_TREE_CLONE | AT_RECURSIVE | Open.CLOEXEC,
    0,
    0,
  );
  if (tree < 0) return tree;
  // struct mount_attr, 32 bytes: u64 attr_set 0, u64 attr_clr 8, u64 propagation 16, u64 userns_fd 24.
  const attributes = new Memory(32);
  attributes.words[0] = mountAttributes;
  attributes.words[2] = MOUNT_ATTR_ATIME_MASK;
  const flags = At.EMPTY_PATH | AT_RECURSIVE;
  const done = rawSyscallAt(
    syscallNumber("mount_setattr")!,
    tree,
    emptyString.address,
    flags,
    attributes.address,
    attributes.bytes.length,
  );
  if (done === 0) return tree;
  close(tree);
  return done;
}

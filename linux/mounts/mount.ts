import { close } from "../libc/files.js";
import { At, Open } from "../libc/flags.js";
import { bind } from "../libc/libc.js";
import { cString } from "../libc/memory.js";
import { syscallNumber } from "../libc/syscall-numbers.js";

const rawMount = bind("int mount(const void *, const void *, const void *, unsigned long, const void *)");
const rawUmount2 = bind("int umount2(const void *, int)");
const openTree = bind("long syscall(long number, int directory, const void *path, uint32_t flags)");
const mountSetattr = bind(
  "long syscall(long number, int directory, const void *path, uint32_t flags, const void *attributes, size_t size)",
);

/** mount(2): 0, or -errno. */
export function mount(source: string, target: string, type: string, flags: number, data: string): number {
  return rawMount(cString(source), cString(target), cString(type), flags, cString(data));
}

/** umount2(2): 0, or -errno. */
export function umount2(target: string, flags: number): number {
  return rawUmount2(cString(target), flags);
}

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

/** Flags of umount2(2): abort requests under way; detach now, clean up when no longer busy. */
export const MNT_FORCE = 1;
export const MNT_DETACH = 2;

const moveMount = bind("long syscall(long number, int from, const void *path, int to, const void *toPath, uint32_t flags)");

/** linux/mount.h, linux/fcntl.h. */
const MOVE_MOUNT_F_EMPTY_PATH = 0x4;
const MOVE_MOUNT_BENEATH = 0x200;
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
export function openByOwnMount(path: string, mountAttributes: number): number {
  const cloned = OPEN_TREE_CLONE | AT_RECURSIVE | Open.CLOEXEC;
  const tree = openTree(syscallNumber("open_tree")!, At.FDCWD, cString(path), cloned);
  if (tree < 0) return tree;
  // struct mount_attr, 32 bytes: u64 attr_set 0, u64 attr_clr 8, u64 propagation 16, u64 userns_fd 24.
  const attributes = new BigUint64Array(4);
  attributes[0] = BigInt(mountAttributes);
  attributes[1] = BigInt(MOUNT_ATTR_ATIME_MASK);
  const flags = At.EMPTY_PATH | AT_RECURSIVE;
  const done = mountSetattr(syscallNumber("mount_setattr")!, tree, cString(""), flags, attributes, attributes.byteLength);
  if (done === 0) return tree;
  close(tree);
  return done;
}

/** MOUNT_ATTR_RDONLY and the like: the attributes of a mount whose tree must not change and gains nobody rights. */
export const readOnlyAttributes = { ro: 0x1, nosuid: 0x2, nodev: 0x4 } as const;

/**
 * Puts a directory in the place of the filesystem that is mounted last at a path, in such a way that every name below it resolves at each
 * moment: it slides beneath that mount (Linux 6.5), which is then detached and lives on for those who use it.
 *
 * @param mountAttributes of the mount that takes the place
 * @returns 0, or -errno
 */
export function replaceMount(directory: string, mountpoint: string, mountAttributes: number): number {
  const tree = openByOwnMount(directory, mountAttributes);
  if (tree < 0) return tree;
  const flags = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_BENEATH;
  const moved = moveMount(syscallNumber("move_mount")!, tree, cString(""), At.FDCWD, cString(mountpoint), flags);
  close(tree);
  return moved < 0 ? moved : umount2(mountpoint, MNT_DETACH);
}

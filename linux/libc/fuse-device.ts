import { ioctl, ioctlBytes } from "./ioctls.js";
import { Memory } from "./memory.js";

/** Ioctls of /dev/fuse (linux/fuse.h, magic 229). */
const FUSE_DEV_IOC_CLONE = 0x8004e500;
const FUSE_DEV_IOC_BACKING_OPEN = 0x4010e501;
const FUSE_DEV_IOC_BACKING_CLOSE = 0x4004e502;

/** Makes `device`, a fresh descriptor of /dev/fuse, another end of the connection that `connection` is an end of. */
export function cloneDevice(device: number, connection: number): number {
  return ioctlBytes(device, FUSE_DEV_IOC_CLONE, Uint32Array.of(connection));
}

/** struct fuse_backing_map: s32 fd 0, u32 flags 4, u64 padding 8. */
const backingMap = new Memory(16);

/** Registers an open regular file (an `O_PATH` descriptor will do) as a backing file: its id, above 0. Needs CAP_SYS_ADMIN. */
export function openBacking(device: number, fd: number): number {
  backingMap.words[0] = fd;
  return ioctl(device, FUSE_DEV_IOC_BACKING_OPEN, backingMap.address);
}

/** Gives a backing id back. Opens that use it keep the file. */
export function closeBacking(device: number, backingId: number): number {
  backingMap.words[0] = backingId;
  return ioctl(device, FUSE_DEV_IOC_BACKING_CLOSE, backingMap.address);
}

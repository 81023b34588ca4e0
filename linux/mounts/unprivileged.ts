import { spawnSync } from "node:child_process";
import { FusemeterError } from "../../errors.js";
import { errnoName } from "../libc/errno.js";
import { close } from "../libc/files.js";
import { receiveDescriptor, socketPair } from "../libc/sockets.js";
import { abortConnection } from "./abort.js";
import { connectionAt } from "./mountinfo.js";

/** FUSE's set-user-id helper: it mounts for users who may write to the mountpoint (fusermount3(1)). */
export const MOUNT_HELPER = "fusermount3";

/** The child's number of the socket's end that it sends the descriptor over. */
const CHILD_SOCKET = 3;

/**
 * Mounts without the right to: the helper opens /dev/fuse, mounts, and sends the descriptor over a socket whose number it finds
 * in `_FUSE_COMMFD`.
 *
 * @param options of mount(8)
 * @returns the descriptor
 * @throws FusemeterError if there is no helper, or with the helper's own words
 */
export function mountUnprivileged(source: string, mountpoint: string, options: readonly string[]): number {
  const pair = socketPair();
  if (typeof pair === "number") throw new Error(`socketpair: ${errnoName(-pair)}`);
  const [here, there] = pair;
  try {
    const list = [...options, "subtype=fusemeter", `fsname=${source.replace(/[\\,]/g, "\\$&")}`].join(",");
    const { status, error, stderr } = spawnSync(MOUNT_HELPER, ["-o", list, "--", mountpoint], {
      stdio: ["ignore", "ignore", "pipe", there],
      env: { ...process.env, _FUSE_COMMFD: String(CHILD_SOCKET) },
      encoding: "utf8",
    });
    if (error !== undefined) throw notPermitted("it is not root, and there is no fusermount3", error);
    if (status !== 0) throw notPermitted(stderr.trim().split("\n").at(-1) ?? "fusermount3 failed");
    const connection = receiveDescriptor(here);
    if (connection >= 0) return connection;
    throw notPermitted(`fusermount3 sent no descriptor (${errnoName(-connection)})`);
  } finally {
    close(here);
    close(there);
  }
}

/** Unmounts what the helper mounted. Where it is busy: aborts the connection, which its user may, and detaches the mount. */
export function unmountUnprivileged(mountpoint: string): void {
  const unmount = (...words: string[]) =>
    spawnSync(MOUNT_HELPER, ["-u", ...words, "--", mountpoint], { stdio: "ignore" }).status === 0;
  if (connectionAt(mountpoint) === null || unmount()) return;
  abortConnection(mountpoint);
  unmount("-z");
}

function notPermitted(reason: string, cause?: unknown): FusemeterError {
  return new FusemeterError({
    code: "MOUNT_NOT_PERMITTED",
    fault: "host",
    problem: "this user may not mount",
    reason,
    remedy: reason.includes("/dev/fuse")
      ? "open the device to all users, as udev does, as root: chmod 666 /dev/fuse"
      : "run as root (in a container: --cap-add SYS_ADMIN), or install fuse3 and mount on a directory of your own",
    cause,
  });
}

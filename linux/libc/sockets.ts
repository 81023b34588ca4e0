import { Errno } from "./errno.js";
import { bind } from "./libc.js";
import { Memory } from "./memory.js";

const rawSocketpair = bind("int socketpair(int, int, int, void *)");
const recvmsg = bind("long recvmsg(int, void *, int)");

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;
const MSG_CMSG_CLOEXEC = 0x40000000;
const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;

/** Two connected sockets of this process: their descriptors, or -errno. */
export function socketPair(): readonly [number, number] | number {
  const pair = new Int32Array(2);
  const done = rawSocketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
  return done < 0 ? done : [pair[0]!, pair[1]!];
}

/**
 * Receives one descriptor that another process sends over a socket (unix(7), SCM_RIGHTS), in a message of a byte: the
 * descriptor here, or -errno; EPROTO where none was sent or the other end was closed.
 *
 *     struct msghdr (LP64)                    struct cmsghdr
 *      0  void *msg_name                       0  size_t cmsg_len
 *      8  u32 msg_namelen                      8  s32 cmsg_level
 *     16  struct iovec { base, len } *msg_iov 12  s32 cmsg_type
 *     24  size_t msg_iovlen                   16  data: the descriptor
 *     32  void *msg_control
 *     40  size_t msg_controllen
 *     48  s32 msg_flags
 *
 * The message and all that it points at are one piece of memory, which the call keeps: the iovec is at 56, the control message at
 * 72, the byte at 96.
 */
export function receiveDescriptor(socket: number): number {
  const [vector, control, byte] = [56, 72, 96];
  const { bytes, address } = new Memory(byte + 1);
  bytes.writeBigUInt64LE(BigInt(address + vector), 16);
  bytes.writeBigUInt64LE(1n, 24);
  bytes.writeBigUInt64LE(BigInt(address + control), 32);
  bytes.writeBigUInt64LE(BigInt(byte - control), 40);
  bytes.writeBigUInt64LE(BigInt(address + byte), vector);
  bytes.writeBigUInt64LE(1n, vector + 8);
  let received = -Errno.EINTR;
  while (received === -Errno.EINTR) received = recvmsg(socket, bytes, MSG_CMSG_CLOEXEC);
  if (received < 0) return received;
  const hasRights =
    bytes.readUInt32LE(control) >= 20 &&
    bytes.readInt32LE(control + 8) === SOL_SOCKET &&
    bytes.readInt32LE(control + 12) === SCM_RIGHTS;
  return received === 1 && hasRights ? bytes.readInt32LE(control + 16) : -Errno.EPROTO;
}

const getsockopt = bind("int getsockopt(int, int, int, void *, void *)");

const SO_PEERCRED = 17;

/** The user of the process at the other end of a connected Unix socket (unix(7), SO_PEERCRED), as it was at connect(2); or -errno. */
export function peerUserOf(socket: number): number {
  // struct ucred: s32 pid 0, u32 uid 4, u32 gid 8.
  const credentials = new Uint32Array(3);
  const length = new Uint32Array([credentials.byteLength]);
  const done = getsockopt(socket, SOL_SOCKET, SO_PEERCRED, credentials, length);
  return done < 0 ? done : credentials[1]!;
}

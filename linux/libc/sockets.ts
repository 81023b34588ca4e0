import { Errno } from "./errno.js";
import { bind } from "./libc.js";
import { Memory } from "./memory.js";

const rawSocketpair = bind("int socketpair(int, int, int, uintptr_t)");
const recvmsg = bind("long recvmsg(int, uintptr_t, int)");

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;
const MSG_CMSG_CLOEXEC = 0x40000000;
const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;

/** Two connected sockets of this process: their descriptors, or -errno. */
export function socketPair(): readonly [number, number] | number {
  const pair = new Memory(8);
  const done = rawSocketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.address);
  return done < 0 ? done : [pair.words[0]!, pair.words[1]!];
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
 */
export function receiveDescriptor(socket: number): number {
  const byte = new Memory(1);
  const vector = new Memory(16);
  vector.bytes.writeBigUInt64LE(BigInt(byte.address), 0);
  vector.bytes.writeBigUInt64LE(1n, 8);
  const control = new Memory(24);
  const message = new Memory(56);
  message.bytes.writeBigUInt64LE(BigInt(vector.address), 16);
  message.bytes.writeBigUInt64LE(1n, 24);
  message.bytes.writeBigUInt64LE(BigInt(control.address), 32);
  message.bytes.writeBigUInt64LE(BigInt(control.bytes.length), 40);
  let received = -Errno.EINTR;
  while (received === -Errno.EINTR) received = recvmsg(socket, message.address, MSG_CMSG_CLOEXEC);
  if (received < 0) return received;
  const hasRights = control.words[2] === SOL_SOCKET && control.words[3] === SCM_RIGHTS && control.words[0]! >= 20;
  return received === 1 && hasRights ? control.bytes.readInt32LE(16) : -Errno.EPROTO;
}

import { close, write } from "./files.js";
import { bind } from "./libc.js";
import { Memory } from "./memory.js";

const eventfd = bind("int eventfd(uint32_t, int)");

const EFD_CLOEXEC = 0o2000000;

const one = new Memory(8);
one.words[0] = 1;

/** An eventfd(2), and the memory that a read of it fills. Any thread that has its number can wake its reader. */
export class EventFd implements Disposable {
  readonly fd: number = eventfd(0, EFD_CLOEXEC);
  readonly count = new Memory(8);

  [Symbol.dispose](): void {
    close(this.fd);
  }
}

/** Lets a read of an eventfd complete. */
export function wakeUp(fd: number): void {
  write(fd, one.address, 8);
}

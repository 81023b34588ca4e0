import { nameThread, threadName } from "../../../linux/proc/thread-name.js";

const NAME = "slices of ";

/** Says by the thread's name which contender is read: a reader that hangs can tell nothing more. */
export function sayUnderWay(contender: number): void {
  nameThread(`${NAME}${contender}`);
}

/** The contender that a reader's first thread reads, or has read last; null where it has not said one. */
export function underWay(pid: number): number | null {
  const [, contender] = new RegExp(`^${NAME}(\\d+)$`).exec(threadName(pid) ?? "") ?? [];
  return contender === undefined ? null : Number(contender);
}

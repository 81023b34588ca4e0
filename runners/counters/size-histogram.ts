import { existsSync, readFileSync } from "node:fs";
import { OutHeader } from "../../filesystem/protocol/index.js";
import { onlineCpus } from "../../linux/proc/cpu-list.js";
import { Counter, type Reading } from "./counter.js";
import { cpuWideEvent, findTracepoint } from "./tracepoint.js";

/** The upper bounds of the classes. A size belongs to the first class that holds it; larger sizes belong to `more`. */
const CLASSES_BYTES = Array.from({ length: 9 }, (_, power) => 4096 * 2 ** power);

/** Answers without data are smaller: the largest is an entry with attributes. Data comes in pages, but for a file's end. */
const LEAST_DATA_BYTES = 512;

/** The number of events in each class of size, on all CPUs, by the class's upper bound in bytes. */
export class SizeHistogram implements Disposable {
  readonly #classes: readonly { readonly name: string; readonly counter: Counter }[];

  /**
   * @param field the tracepoint's field with the size in bytes
   * @param extraBytes the bytes that the field counts beyond the size
   */
  constructor(tracepoint: string, filter: string, field: string, extraBytes: number, leastBytes: number) {
    const event = cpuWideEvent(findTracepoint(tracepoint));
    const cpus = onlineCpus().map((cpu) => ({ cpu }));
    const open = (name: string, from: number, upTo: number | null) => {
      const most = upTo === null ? "" : ` && ${field} <= ${upTo + extraBytes}`;
      return { name, counter: new Counter(event, cpus, `${filter} && ${field} >= ${from + extraBytes}${most}`) };
    };
    const last = CLASSES_BYTES.at(-1)!;
    this.#classes = [
      ...CLASSES_BYTES.map((bytes, index) =>
        open(String(bytes), index === 0 ? leastBytes : CLASSES_BYTES[index - 1]! + 1, bytes),
      ),
      open("more", last + 1, null),
    ];
  }

  /** Classes without an event are left out. */
  read(): Reading<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { name, counter } of this.#classes) {
      const reading = counter.read();
      if ("unavailable" in reading) return reading;
      if (reading.value > 0) counts[name] = reading.value;
    }
    return { value: counts };
  }

  [Symbol.dispose](): void {
    for (const { counter } of this.#classes) counter[Symbol.dispose]();
  }
}

/**
 * Answers of a FUSE connection that carry data, by the size of the data: those to READ and READDIR. No tracepoint has the
 * requested size, which at a file's end is larger.
 */
export function answerSizes(connection: number): SizeHistogram {
  return new SizeHistogram("fuse:fuse_request_end", `connection == ${connection}`, "len", OutHeader.bytes, LEAST_DATA_BYTES);
}

/** Reads of a block device by their size, as they are given to its driver: after merging. */
export function deviceReadSizes(device: { readonly major: number; readonly minor: number }): SizeHistogram {
  const { major, minor } = wholeDisk(device);
  // dev_t inside the kernel: MKDEV in include/linux/kdev_t.h.
  return new SizeHistogram("block:block_rq_issue", `dev == ${major * 2 ** 20 + minor} && rwbs ~ "R*"`, "bytes", 0, 1);
}

/** The disk of a partition: requests are issued to the disk. */
function wholeDisk(device: { readonly major: number; readonly minor: number }): { major: number; minor: number } {
  const folder = `/sys/dev/block/${device.major}:${device.minor}`;
  if (!existsSync(`${folder}/partition`)) return device;
  const [major = 0, minor = 0] = readFileSync(`${folder}/../dev`, "utf8").split(":").map(Number);
  return { major, minor };
}

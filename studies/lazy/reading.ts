import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "../../package-root.js";

/** The task of a process that reads. */
export interface Reading {
  readonly mountpoint: string;
  readonly source: string;
  readonly blockBytes: number;
  readonly seed: number;
  /** True: every block once. False: random blocks, each by an open of its own, until SIGTERM. */
  readonly once: boolean;
}

/** The result of such a process. */
export interface ReadCounts {
  readonly opens: number;
  readonly reads: number;
  /** Blocks whose content was not the source's. */
  readonly wrong: string[];
  /** Opens and reads that failed, by the error's name. */
  readonly errors: Record<string, number>;
}

/** Compiled, as the program is. */
const script = join(packageRoot(), "dist/studies/lazy/reader.js");

/** A process that reads a mount and compares. */
export class ReadingProcess {
  readonly #process: ChildProcess;
  readonly #counts: Promise<ReadCounts>;

  constructor(reading: Reading) {
    this.#process = spawn(process.execPath, [script, JSON.stringify(reading)], { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    this.#process.stdout!.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    this.#counts = new Promise((resolve, reject) =>
      this.#process.once("close", (code) =>
        code === 0 ? resolve(JSON.parse(text) as ReadCounts) : reject(new Error(`a reader ended with ${code}`)),
      ),
    );
    this.#counts.catch(() => {});
  }

  /** Tells it to end: the counts. */
  stop(): Promise<ReadCounts> {
    this.#process.kill("SIGTERM");
    return this.#counts;
  }

  /** Waits for its end. */
  counts(): Promise<ReadCounts> {
    return this.#counts;
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }
}

/** The sum of counted. */
export function sumOf(counted: readonly ReadCounts[]): ReadCounts {
  const sum: { opens: number; reads: number; wrong: string[]; errors: Record<string, number> } = {
    opens: 0,
    reads: 0,
    wrong: [],
    errors: {},
  };
  for (const { opens, reads, wrong, errors } of counted) {
    sum.opens += opens;
    sum.reads += reads;
    sum.wrong.push(...wrong);
    for (const [code, count] of Object.entries(errors)) sum.errors[code] = (sum.errors[code] ?? 0) + count;
  }
  return sum;
}

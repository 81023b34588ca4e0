import { type ChildProcess, spawn } from "node:child_process";

/** A read of a file's range by a process of its own, dd(1). */
export class Reader {
  readonly process: ChildProcess;
  /** The bytes that were read, and the exit code or signal. */
  readonly result: Promise<{ readonly bytes: Buffer; readonly end: number | NodeJS.Signals | null }>;

  constructor(file: string, offset: number, sizeBytes: number) {
    const range = [`skip=${offset}`, `count=${sizeBytes}`, "iflag=skip_bytes,count_bytes"];
    this.process = spawn("dd", [`if=${file}`, `bs=${1 << 16}`, ...range], { stdio: ["ignore", "pipe", "ignore"] });
    const parts: Buffer[] = [];
    this.process.stdout!.on("data", (part: Buffer) => parts.push(part));
    this.result = new Promise((resolve) =>
      this.process.once("close", (code, signal) => resolve({ bytes: Buffer.concat(parts), end: signal ?? code })),
    );
  }
}

import { join } from "node:path";
import type { Duplex } from "node:stream";
import { FusemeterError } from "../../errors.js";
import { packageRoot } from "../../package-root.js";
import { startStopped } from "../processes/stopped-process.js";
import type { Answer, Command, Proof, Sizes, SliceJob, Turns } from "./reader/protocol.js";

/** The process that reads in slices. Disposing ends it. */
export interface SliceReader extends AsyncDisposable {
  readonly pid: number;
  hasEnded(): boolean;
  /** Ends the process, whatever it does: a command under way is then rejected. */
  end(): void;
  open(job: SliceJob): Promise<void>;
  size(sliceMs: number): Promise<Sizes>;
  turns(turns: number, operations: readonly number[]): Promise<Turns>;
  prove(contender: number, operations: number): Promise<Proof>;
  close(): Promise<void>;
}

/** The compiled program. */
const program = join(packageRoot(), "dist/runners/slices/reader/main.js");

/** The line to the reader: commands to it, and answers from it. */
class Lines {
  #text = "";
  readonly #line: Duplex;
  #wake: () => void = () => {};
  #hasEnded = false;

  constructor(line: Duplex) {
    this.#line = line;
    line.setEncoding("utf8");
    line.on("data", (text: string) => {
      this.#text += text;
      this.#wake();
    });
    line.on("close", () => {
      this.#hasEnded = true;
      this.#wake();
    });
  }

  readonly hasEnded = () => this.#hasEnded;

  write(command: Command): void {
    this.#line.write(`${JSON.stringify(command)}\n`);
  }

  /** The next answer; null where the reader has ended. */
  async next(): Promise<string | null> {
    for (;;) {
      const end = this.#text.indexOf("\n");
      if (end !== -1) {
        const line = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 1);
        return line;
      }
      if (this.#hasEnded) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

function readerFailed(reason: string): FusemeterError {
  return new FusemeterError({ code: "READER_FAILED", fault: "host", problem: "the reader of slices failed", reason });
}

/**
 * Starts a process that reads in slices. It is apart from this one: its CPU time is then its own, and a hung mount holds nobody else.
 * Its commands are rejected with `READER_FAILED` where it ends or refuses one.
 *
 * @throws {FusemeterError} `COMMAND_NOT_STARTED`
 */
export async function startSliceReader(signal: AbortSignal): Promise<SliceReader> {
  const child = await startStopped([process.execPath, program], { signal, keepsLine: true });
  child.resume();
  const lines = new Lines(child.line);
  const ask = async <T>(command: Command): Promise<T> => {
    lines.write(command);
    const line = await lines.next();
    signal.throwIfAborted();
    if (line === null) {
      const { exitCode, signal: killer, stderr } = await child.ended;
      const words = stderr.trim().split("\n").at(-1);
      throw readerFailed(`it ended with ${killer ?? `exit ${exitCode}`}${words === "" ? "" : `: ${words}`}`);
    }
    const answer = JSON.parse(line) as Answer<T>;
    if (!answer.ok) throw readerFailed(answer.problem);
    return answer.value;
  };
  return {
    pid: child.pid,
    hasEnded: lines.hasEnded,
    end: () => void child.terminate(),
    open: (job) => ask({ do: "open", job }),
    size: (sliceMs) => ask({ do: "size", sliceMs }),
    turns: (turns, operations) => ask({ do: "turns", turns, operations }),
    prove: (contender, operations) => ask({ do: "prove", contender, operations }),
    close: () => ask({ do: "close" }),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

import { closeSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { z } from "zod";
import { FusemeterError, messageOf } from "../../errors.js";
import type { Chunk, FileEntry, Manifest } from "../manifest/index.js";

/** The first line of a trace. */
const head = z.strictObject({ format: z.literal("fusemeter-trace"), version: z.literal(1) });

/** A line of a trace: a chunk at its first read. Paths and ranges, so that a trace also fits another manifest of the same program. */
const line = z.strictObject({
  ms: z.number().nonnegative(),
  path: z.string(),
  offset: z.int().nonnegative(),
  size: z.int().positive(),
});

/** The largest trace in bytes. */
const MOST_BYTES = 256 * 2 ** 20;

/** Writes the chunks that are read, in the order of their first reads. Each line is in the file at once. */
export class TraceRecorder implements Disposable {
  readonly #fd: number;
  readonly #startMs = performance.now();
  readonly #seen = new Set<number>();
  readonly #pathOf: (chunk: number) => string;

  /** @throws FusemeterError `TRACE_NOT_WRITTEN` if the file can't be made */
  constructor(file: string, pathOf: (chunk: number) => string) {
    this.#pathOf = pathOf;
    try {
      this.#fd = openSync(file, "w");
      writeSync(this.#fd, `${JSON.stringify({ format: "fusemeter-trace", version: 1 })}\n`);
    } catch (cause) {
      const problem = `the trace ${file} can't be written`;
      throw new FusemeterError({ code: "TRACE_NOT_WRITTEN", fault: "use", problem, reason: messageOf(cause), cause });
    }
  }

  note(chunks: readonly Chunk[]): void {
    const ms = Math.round(performance.now() - this.#startMs);
    const lines = chunks
      .filter(({ number }) => !this.#seen.has(number))
      .map(({ number, offset, size }) => {
        this.#seen.add(number);
        return `${JSON.stringify({ ms, path: this.#pathOf(number), offset, size } satisfies z.infer<typeof line>)}\n`;
      });
    if (lines.length > 0) writeSync(this.#fd, lines.join(""));
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }
}

/**
 * Reads a trace: the numbers of a manifest's chunks in its order, each once. Lines about files that the manifest does not have are left out.
 *
 * @throws FusemeterError `BAD_TRACE` if the file can't be read or is no trace
 */
export function readTrace(file: string, { entries }: Manifest): number[] {
  const files = new Map<string, FileEntry>();
  for (const entry of entries) if (entry.type === "file") files.set(entry.path, entry);
  const numbers = new Set<number>();
  const [first = "", ...lines] = textOf(file).trimEnd().split("\n");
  parse(file, head, first, 1);
  for (const [index, text] of lines.entries()) {
    const { path, offset, size } = parse(file, line, text, index + 2);
    const chunks = files.get(path)?.chunks ?? [];
    for (const chunk of chunks) if (chunk.offset < offset + size && chunk.offset + chunk.size > offset) numbers.add(chunk.number);
  }
  return [...numbers];
}

function textOf(file: string): string {
  try {
    if (statSync(file).size > MOST_BYTES) throw new Error(`it has more than ${MOST_BYTES} bytes`);
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw bad(file, messageOf(cause));
  }
}

function parse<T extends z.ZodType>(file: string, schema: T, text: string, number: number): z.infer<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw bad(file, `line ${number} is not JSON`);
  }
  const { data, success } = schema.safeParse(value);
  if (!success) throw bad(file, `line ${number} is no line of a trace`);
  return data;
}

function bad(file: string, reason: string): FusemeterError {
  return new FusemeterError({
    code: "BAD_TRACE",
    fault: "use",
    problem: `${file} can't be used as a trace`,
    reason,
    remedy: "name a file that --record has written",
  });
}

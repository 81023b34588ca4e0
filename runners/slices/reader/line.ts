import { readSync, writeSync } from "node:fs";
import { messageOf } from "../../../errors.js";
import type { Answer, Command } from "./protocol.js";

/** The descriptor of the line to the harness. */
const LINE = 3;

function* lines(): Generator<string> {
  const buffer = Buffer.alloc(1 << 16);
  let pending = Buffer.alloc(0);
  for (;;) {
    const length = readSync(LINE, buffer, 0, buffer.length, null);
    if (length === 0) return;
    pending = Buffer.concat([pending, buffer.subarray(0, length)]);
    for (let end = pending.indexOf(10); end !== -1; end = pending.indexOf(10)) {
      yield pending.toString("utf8", 0, end);
      pending = pending.subarray(end + 1);
    }
  }
}

function writeLine(answer: Answer<unknown>): void {
  const bytes = Buffer.from(`${JSON.stringify(answer)}\n`);
  for (let written = 0; written < bytes.length; ) written += writeSync(LINE, bytes, written);
}

/** Obeys each line and answers it, until the other end closes. Reads block: between its slices the process does nothing. */
export function answerLines(obey: (command: Command) => unknown): void {
  for (const line of lines()) {
    try {
      writeLine({ ok: true, value: obey(JSON.parse(line) as Command) });
    } catch (error) {
      writeLine({ ok: false, problem: messageOf(error) });
    }
  }
}

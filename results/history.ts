import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { FusemeterError, messageOf } from "../errors.js";

/** The `schema` of every line of a history written by this version. */
export const HISTORY_SCHEMA = "fusemeter.history/1";

/** One run of the gate, as a history keeps it. */
const historyLine = z.object({
  schema: z.literal(HISTORY_SCHEMA),
  at: z.iso.datetime(),
  runId: z.string(),
  /** The commit that was measured; null where it was not given. */
  commit: z.string().nullable(),
  fingerprint: z.string(),
  kernel: z.string(),
  verdict: z.string(),
  figures: z.array(z.object({ name: z.string(), kind: z.enum(["count", "time"]), unit: z.string(), value: z.number() })),
});

export type HistoryLine = z.infer<typeof historyLine>;

/**
 * Adds a line to a history. The file is made where it is not there; a line is written in one piece.
 *
 * @throws {FusemeterError} `HISTORY_NOT_WRITTEN`
 */
export async function appendHistory(path: string, line: HistoryLine): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await appendFile(path, `${JSON.stringify(line)}\n`);
  } catch (cause) {
    throw new FusemeterError({
      code: "HISTORY_NOT_WRITTEN",
      fault: "use",
      problem: `${path} can't be written`,
      reason: messageOf(cause),
      remedy: "choose another file with --history, or --history none",
      cause,
    });
  }
}

/**
 * Reads a history, oldest first.
 *
 * @throws {FusemeterError} `UNREADABLE_HISTORY`, with the line that is wrong
 */
export async function readHistory(path: string): Promise<HistoryLine[]> {
  const problem = `${path} is not a history that can be read`;
  const unreadable = (reason: string, remedy: string, cause: unknown) =>
    new FusemeterError({ code: "UNREADABLE_HISTORY", fault: "use", problem, reason, remedy, cause });
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw unreadable(messageOf(cause), "let fusemeter gate write one with --history FILE", cause);
  });
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line, index) => {
    try {
      return historyLine.parse(JSON.parse(line));
    } catch (cause) {
      throw unreadable(`line ${index + 1} is no ${HISTORY_SCHEMA}`, "take it out, or give another file with --history", cause);
    }
  });
}

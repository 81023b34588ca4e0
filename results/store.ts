import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { FusemeterError, messageOf } from "../errors.js";
import { replaceFile } from "./replace-file.js";
import { decodeRun, encodeRun, type Run } from "./run.js";
import { runInFile, SCHEMA } from "./schema.js";

/** The name of the result's file in a run's directory. */
const RUN_FILE = "run.json";

/** An indented array of numbers. A line break tells it from the text of a string, where JSON escapes line breaks. */
const NUMBERS = /\[\n\s*((?:-?[\d.e+-]+|null)(?:,\n\s*(?:-?[\d.e+-]+|null))*)\n\s*\]/g;

/** JSON with one value a line, but for arrays of numbers: a round of slices has hundreds. */
function textOf(value: object): string {
  const indented = JSON.stringify(value, null, 1);
  return `${indented.replace(NUMBERS, (_, numbers: string) => `[${numbers.replace(/\s+/g, "")}]`)}\n`;
}

/** Writes a result in one step: a reader meets the old file or the new one. */
export async function writeRun(directory: string, run: Run): Promise<void> {
  await replaceFile(join(directory, RUN_FILE), textOf(encodeRun(run)));
}

function unreadable(path: string, reason: string, remedy: string, cause?: unknown): FusemeterError {
  const problem = `${path} is not a result that can be read`;
  return new FusemeterError({ code: "UNREADABLE_RESULT", fault: "use", problem, reason, remedy, cause });
}

/**
 * Reads a result and checks it.
 *
 * @param path the run's directory, or its `run.json`
 * @throws {FusemeterError} `UNREADABLE_RESULT` where the file is missing, is truncated, is no result, or has another schema
 */
export async function readRun(path: string): Promise<Run> {
  const file = path.endsWith(".json") ? path : join(path, RUN_FILE);
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw unreadable(file, messageOf(cause), "give the directory of a run, or its run.json", cause);
  });
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw unreadable(file, "it is truncated or not JSON", "give the run.json that a run wrote", cause);
  }
  const schema = z.object({ schema: z.string() }).safeParse(data).data?.schema;
  if (schema !== SCHEMA) {
    throw unreadable(
      file,
      schema === undefined ? "it is no result of fusemeter" : `it has the schema "${schema}"`,
      `give one with the schema "${SCHEMA}"`,
    );
  }
  const result = runInFile.safeParse(data);
  if (result.success) return decodeRun(result.data);
  const { path: where, message } = result.error.issues[0]!;
  throw unreadable(file, `${where.join(".")}: ${message}`, "give the run.json that a run wrote", result.error);
}

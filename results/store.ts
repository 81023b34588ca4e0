import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { FusemeterError } from "../errors.js";
import { replaceFile } from "./replace-file.js";
import { decodeRun, encodeRun, type Run } from "./run.js";
import { runInFile, SCHEMA } from "./schema.js";

/** The name of the result's file in a run's directory. */
export const RUN_FILE = "run.json";

/** Writes a result so that a reader, or a crash, never meets half of it. */
export async function writeRun(directory: string, run: Run): Promise<void> {
  await replaceFile(join(directory, RUN_FILE), `${JSON.stringify(encodeRun(run), null, 1)}\n`);
}

function unreadable(path: string, why: string, remedy: string, cause?: unknown): FusemeterError {
  return new FusemeterError({ code: "UNREADABLE_RESULT", exitCode: 2, problem: `${path}: ${why}`, remedy, cause });
}

/**
 * Reads a result and checks it.
 *
 * @param path the run's directory, or its `run.json`
 * @throws {FusemeterError} `UNREADABLE_RESULT` where it is missing, truncated, no result, or of another schema
 */
export async function readRun(path: string): Promise<Run> {
  const file = path.endsWith(".json") ? path : join(path, RUN_FILE);
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw unreadable(file, "no result can be read there", "give the directory of a run, or its run.json", cause);
  });
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw unreadable(file, "is truncated or no JSON", "give the run.json that a run wrote", cause);
  }
  const schema = z.object({ schema: z.string() }).safeParse(data).data?.schema;
  if (schema !== SCHEMA) {
    throw unreadable(
      file,
      schema === undefined ? "is no result of fusemeter" : `has the schema "${schema}"`,
      `this version reads "${SCHEMA}"`,
    );
  }
  const result = runInFile.safeParse(data);
  if (result.success) return decodeRun(result.data);
  const [issue] = result.error.issues;
  throw unreadable(file, `${issue?.path.join(".")}: ${issue?.message}`, "give the run.json that a run wrote", result.error);
}

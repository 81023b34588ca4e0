// An origin with faults, loaded by `fusemeter lazy mount` as a module. Its settings are in the environment: FUSEMETER_LAZY_STUDY.
import { openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Chunk } from "../../lazy/manifest/index.js";
import { seededRandom } from "../../workloads/index.js";

/** The settings of the origin. */
export interface Faults {
  /** The directory that the manifest describes. */
  readonly source: string;
  /** A file that gets a line for each fetch: the chunk's number, and `given`, `lost` or `wrong`. */
  readonly log: string;
  readonly delayMs: number;
  /** The shares of fetches that fail, and that give wrong content. */
  readonly lost: number;
  readonly wrong: number;
  readonly seed: number;
}

/** The environment variable that holds them as JSON. */
export const FAULTS = "FUSEMETER_LAZY_STUDY";

const given = process.env[FAULTS];
const faults = given === undefined ? null : (JSON.parse(given) as Faults);
const random = seededRandom(faults?.seed ?? 0);
const log = faults === null ? -1 : openSync(faults.log, "a");

/** Fetches a chunk, or fails as the settings say. */
export async function fetch({ number, offset, size, place }: Chunk): Promise<Uint8Array> {
  if (faults === null || place.kind !== "file") throw new Error("this origin serves a study's directories alone");
  if (faults.delayMs > 0) await sleep(faults.delayMs);
  const drawn = random();
  const fate = drawn < faults.lost ? "lost" : drawn < faults.lost + faults.wrong ? "wrong" : "given";
  writeSync(log, `${number} ${fate}\n`);
  if (fate === "lost") throw new Error("lost on the way");
  const bytes = Buffer.alloc(size);
  readSync(descriptorOf(join(faults.source, place.path)), bytes, 0, size, offset);
  if (fate === "wrong") bytes[Math.floor(random() * size)]! ^= 1 << Math.floor(random() * 8);
  return bytes;
}

const descriptors = new Map<string, number>();

function descriptorOf(file: string): number {
  const known = descriptors.get(file);
  if (known !== undefined) return known;
  const fd = openSync(file, "r");
  descriptors.set(file, fd);
  return fd;
}

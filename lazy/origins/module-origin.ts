import { realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { FusemeterError, messageOf } from "../../errors.js";
import type { Chunk } from "../manifest/index.js";
import { type Link, originError, READS_AT_ONCE } from "../ranges/index.js";
import type { Origin, OriginCounts } from "./origin.js";
import { verified } from "./verify.js";

/** The exports of a user's module that chunks come from. */
interface OriginModule {
  /**
   * Fetches a chunk. It is checked afterwards; a rejection is tried again later, unless its `code` is `ORIGIN_REFUSED`.
   *
   * @returns the unpacked bytes, as many as `chunk.size`
   */
  fetch(chunk: Chunk, signal: AbortSignal): Promise<Uint8Array> | Uint8Array;
  close?(): Promise<void> | void;
}

export function isModule(where: string): boolean {
  return /\.[cm]?[jt]s$/.test(where);
}

/** Chunks from a user's module. */
class ModuleOrigin implements Origin {
  readonly name: string;
  readonly isSequential = false;
  readonly concurrency = READS_AT_ONCE;
  readonly counts: OriginCounts = { requests: 0, bytes: 0, retries: 0, corrupt: 0 };
  readonly #module: OriginModule;
  readonly #link: Link | null;

  constructor(name: string, module: OriginModule, link: Link | null) {
    this.name = name;
    this.#module = module;
    this.#link = link;
  }

  async fetch(chunk: Chunk, signal: AbortSignal): Promise<Uint8Array> {
    return await verified(this.name, chunk, this.counts, async () => {
      signal.throwIfAborted();
      await this.#link?.roundTrip(signal);
      const bytes = await this.#call(chunk, signal);
      await this.#link?.carry(bytes.length, signal);
      this.counts.bytes += bytes.length;
      return bytes;
    });
  }

  async close(): Promise<void> {
    await this.#module.close?.();
  }

  async #call(chunk: Chunk, signal: AbortSignal): Promise<Uint8Array> {
    this.counts.requests++;
    try {
      const bytes = await this.#module.fetch(chunk, signal);
      if (bytes instanceof Uint8Array) return bytes;
    } catch (cause) {
      signal.throwIfAborted();
      const isRefused = cause instanceof Error && "code" in cause && cause.code === "ORIGIN_REFUSED";
      throw originError(
        isRefused ? "ORIGIN_REFUSED" : "ORIGIN_UNAVAILABLE",
        `${this.name} did not fetch a chunk`,
        messageOf(cause),
        cause,
      );
    }
    throw originError("ORIGIN_REFUSED", `${this.name} did not fetch a chunk`, "its fetch returned no Uint8Array");
  }
}

/** Loads a module. @throws {FusemeterError} `BAD_ORIGIN`: it is missing, can't be loaded, or exports no function `fetch` */
export async function loadOriginModule(file: string, link: Link | null): Promise<Origin> {
  let module: Partial<OriginModule>;
  try {
    module = (await import(pathToFileURL(realpathSync(file)).href)) as Partial<OriginModule>;
  } catch (cause) {
    throw badOrigin(`the origin ${file} can't be loaded`, messageOf(cause), cause);
  }
  const { fetch } = module;
  if (typeof fetch !== "function") throw badOrigin(`the origin ${file} exports no function fetch`, null);
  return new ModuleOrigin(file, { ...module, fetch }, link);
}

/** The error of an origin that can't be used as it is named. */
export function badOrigin(problem: string, reason: string | null, cause?: unknown): FusemeterError {
  const remedy = "name a directory, a layer's file, a URL, or a module that exports fetch(chunk, signal)";
  return new FusemeterError({ code: "BAD_ORIGIN", fault: "use", problem, reason, remedy, cause });
}

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../../errors.js";
import type { Suite } from "../mounts/suite.js";
import { fio } from "./fio.js";
import { git } from "./git.js";
import { make } from "./make.js";
import { run } from "./run.js";
import { sqlite } from "./sqlite.js";

/**
 * Everyday programs. Each does its work and checks it, and the files that it leaves must be the same through the mount and in
 * the source.
 *
 * @param repository a git repository, to be cloned
 */
export function programs(repository: string): Suite {
  const all: Readonly<Record<string, (place: string) => Promise<void>>> = {
    git: (place) => git(repository, place),
    make,
    "SQLite, WAL": (place) => sqlite("wal", place),
    "SQLite, delete": (place) => sqlite("delete", place),
    "fio --verify": fio,
  };
  return async ({ directory, source }, signal) => {
    const failures = new Set<string>();
    for (const [name, work] of Object.entries(all)) {
      signal.throwIfAborted();
      const place = join(directory, "programs");
      mkdirSync(place);
      try {
        await work(place);
        if (source !== directory) await run(directory, "diff", "-r", "--no-dereference", place, join(source, "programs"));
      } catch (error) {
        failures.add(`${name} (${messageOf(error)})`);
      } finally {
        rmSync(place, { recursive: true, force: true });
      }
    }
    return { count: Object.keys(all).length, failures };
  };
}

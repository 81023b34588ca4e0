import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Storm } from "../../../results/index.js";

import { minusEach } from "../../counters/load-readers.js";
import { makeWorkspace } from "../../files/workspace.js";
import { type OperationStorm, storms } from "../../loads/storms.js";
import { mountAs } from "./mounted.js";

const FILES = 100;

/** A close is answered before its RELEASE is. */
const settleMs = 100;

const variants = [
  { mode: "fuse", label: "daemon", cache: "none" },
  { mode: "fuse", label: "daemon", cache: "bounded" },
  { mode: "fuse", label: "daemon", cache: "full" },
  { mode: "passthrough", label: "passthrough", cache: "bounded" },
] as const;

/** Calls by the names that the evidence has, each made once for every file. */
const calls: Readonly<Record<string, OperationStorm>> = {
  stat: storms.stat,
  open: storms.open,
  readdir: (folder, names) => {
    for (const _ of names) storms.readdir(folder);
    return names.length;
  },
};

/**
 * Many calls of one kind, twice. The requests of the second pass are those that no cache of the kernel answers.
 *
 * @param directory where the tree is made, and removed after
 */
export async function stormStudy(directory: string, signal: AbortSignal): Promise<Storm[]> {
  await using workspace = await makeWorkspace(directory);
  const folder = join(workspace.source, "folder");
  await mkdir(folder);
  const names = Array.from({ length: FILES }, (_, index) => `file-${index}`);
  for (const name of names) await writeFile(join(folder, name), "content");
  const evidence: Storm[] = [];
  for (const { mode, label, cache } of variants) {
    for (const [call, storm] of Object.entries(calls)) {
      signal.throwIfAborted();
      await using mount = await mountAs(mode, `--cache ${cache}`, workspace.source, workspace.mountpoint, signal);
      const at = join(mount.path, "folder");
      storm(at, names);
      await sleep(settleMs);
      const before = mount.daemon?.requests?.read().requests ?? null;
      storm(at, names);
      await sleep(settleMs);
      const after = mount.daemon?.requests?.read().requests ?? null;
      evidence.push({
        call,
        mode: label,
        cache,
        calls: FILES,
        requests: before === null || after === null ? null : minusEach(before, after),
      });
    }
  }
  return evidence;
}

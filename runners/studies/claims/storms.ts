import { mkdir, open, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Storm } from "../../../results/index.js";

import { makeWorkspace } from "../../files/workspace.js";
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

const calls: Readonly<Record<string, (folder: string, names: readonly string[]) => Promise<unknown>>> = {
  stat: async (folder, names) => {
    for (const name of names) await stat(join(folder, name));
  },
  open: async (folder, names) => {
    for (const name of names) await (await open(join(folder, name), "r")).close();
  },
  readdir: async (folder, names) => {
    for (const _ of names) await readdir(folder);
  },
};

/**
 * Many calls of one kind, twice: what the second pass still asks the daemon is what no cache of the kernel answers.
 *
 * @param directory where the tree is made, and removed after
 */
export async function stormStudy(directory: string, signal: AbortSignal): Promise<Storm[]> {
  await using workspace = await makeWorkspace(directory);
  const folder = join(workspace.source, "folder");
  await mkdir(folder);
  const names = Array.from({ length: FILES }, (_, index) => `file-${index}`);
  for (const name of names) await writeFile(join(folder, name), "content");
  const storms: Storm[] = [];
  for (const { mode, label, cache } of variants) {
    for (const [call, storm] of Object.entries(calls)) {
      signal.throwIfAborted();
      await using mount = await mountAs(mode, `--cache ${cache}`, workspace.source, workspace.mountpoint, signal);
      const at = join(mount.path, "folder");
      await storm(at, names);
      await sleep(settleMs);
      const before = mount.daemon?.requests?.read().requests ?? null;
      await storm(at, names);
      await sleep(settleMs);
      const after = mount.daemon?.requests?.read().requests ?? null;
      storms.push({
        call,
        mode: label,
        cache,
        calls: FILES,
        requests: before === null || after === null ? null : difference(after, before),
      });
    }
  }
  return storms;
}

function difference(after: Readonly<Record<string, number>>, before: Readonly<Record<string, number>>): Record<string, number> {
  const changed = Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)] as const);
  return Object.fromEntries(changed.filter(([, count]) => count > 0));
}

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, openSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { MNT_DETACH, umount2 } from "../../../linux/mounts/mount.js";
import { mountsBelow, program } from "../../machine.js";
import { serve } from "../origins/server.js";
import { scratch } from "../scratch.js";
import { archived, compressed } from "./archives.js";
import { REAL, realTree } from "./real-estargz.js";

/** The paths beneath a directory, each with what a reader sees of it. */
async function seen(root: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const path of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    const file = join(root, path);
    const stat = lstatSync(file);
    const facts = [stat.mode.toString(8), stat.uid, stat.gid, Math.floor(stat.mtimeMs / 1000), stat.nlink];
    if (stat.isSymbolicLink()) facts.push(readlinkSync(file));
    if (stat.isFile())
      facts.push(
        createHash("sha256")
          .update(await readFile(file))
          .digest("hex"),
      );
    found.set(path, facts.join(" "));
  }
  return found;
}

/** A layer of a kind, and the tree that it holds. */
function given(kind: string): { tree: string; layer: string } {
  if (kind === "estargz") return { tree: realTree(), layer: REAL };
  const { tree, file } = archived("layer.tar", []);
  return { tree, layer: kind === "tar" ? file : compressed(file, kind, "-q") };
}

test.each(["tar", "gzip", "zstd", "estargz"])(
  "a layer (%s) on an HTTP server is mounted, read, and is the tree",
  async (kind) => {
    const { tree, layer } = given(kind);
    const { url } = await serve(dirname(layer));
    const base = scratch();
    const [manifest, store, mountpoint] = [join(base, "manifest"), join(base, "store"), join(base, "mount")];
    mkdirSync(mountpoint);
    const made = spawnSync(program, ["lazy", "manifest", layer], { stdio: ["ignore", openSync(manifest, "w"), "pipe"] });
    expect([made.status, made.stderr.toString()]).toEqual([
      0,
      kind === "zstd" ? `fusemeter: ${layer} is a .tar.zst: it can't be read at random, and is unpacked as it arrives\n` : "",
    ]);
    const daemon = spawn(program, ["lazy", "mount", manifest, `${url}/${basename(layer)}`, store, mountpoint], {
      stdio: ["ignore", "ignore", openSync(join(base, "log"), "w")],
    });
    const ended = new Promise<void>((resolve) => daemon.once("exit", () => resolve()));
    onTestFinished(async () => {
      umount2(mountpoint, MNT_DETACH);
      await ended;
    });
    await expect.poll(() => mountsBelow(base).length === 1 || readFileSync(join(base, "log"), "utf8")).toBe(true);
    expect(await seen(mountpoint)).toEqual(await seen(tree));
  },
);

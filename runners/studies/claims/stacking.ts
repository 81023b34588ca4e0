import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { messageOf } from "../../../errors.js";
import { unmount } from "../../../linux/mounts/unmount.js";
import type { Trial } from "../../../results/index.js";

import { makeWorkspace } from "../../files/workspace.js";
import { mountAs, readsOf } from "./mounted.js";

const CONTENT = Buffer.alloc(64 * 1024, "stacked ");

/** An overlay over one lower directory. Disposing unmounts it. */
async function overlay(lower: string, below: string): Promise<{ path: string } & AsyncDisposable> {
  const [path, upper, work] = ["merged", "upper", "work"].map((name) => join(below, name));
  for (const folder of [path!, upper!, work!]) await mkdir(folder, { recursive: true });
  await execa("mount", ["-t", "overlay", "overlay", "-o", `lowerdir=${lower},upperdir=${upper},workdir=${work}`, path!]);
  return {
    path: path!,
    async [Symbol.asyncDispose]() {
      await unmount(path!);
    },
  };
}

function told(error: unknown): string {
  const lines = messageOf(error).trim().split("\n");
  // mount(8) prints a hint about dmesg below its error.
  return lines.find((line) => line.startsWith("mount:")) ?? lines[0]!;
}

async function attempt(what: string, run: () => Promise<{ content: Buffer; reads: number | null }>): Promise<Trial> {
  try {
    const { content, reads } = await run();
    if (!content.equals(CONTENT)) return { what, works: false, reads, outcome: "the bytes differ" };
    if (reads === null) return { what, works: true, reads, outcome: "reads well; requests can't be counted" };
    return reads === 0
      ? { what, works: true, reads, outcome: "works, no READ reached the daemon" }
      : { what, works: false, reads, outcome: `no passthrough; the daemon reads instead (${reads} READ requests)` };
  } catch (error) {
    return { what, works: false, reads: null, outcome: told(error) };
  }
}

/**
 * Tries the three ways in which passthrough, overlayfs and FUSE can be stacked.
 *
 * @param directory where the trees are made, and removed after: on a filesystem that overlayfs can write to
 */
export async function stackingStudy(directory: string, signal: AbortSignal): Promise<Trial[]> {
  const inWorkspace = async (
    what: string,
    run: (source: string, mountpoint: string, below: string) => Promise<{ content: Buffer; reads: number | null }>,
  ) => {
    await using workspace = await makeWorkspace(directory);
    await writeFile(join(workspace.source, "file"), CONTENT);
    await mkdir(join(workspace.source, "..", "stack"));
    // Awaited here: the workspace must not go before the trial has ended.
    return await attempt(what, () => run(workspace.source, workspace.mountpoint, join(workspace.source, "..", "stack")));
  };
  return [
    await inWorkspace("passthrough over overlayfs", async (source, mountpoint, below) => {
      await using merged = await overlay(source, below);
      await using top = await mountAs("passthrough", "", merged.path, mountpoint, signal);
      return { content: await readFile(join(top.path, "file")), reads: readsOf(top) };
    }),
    await inWorkspace("overlayfs over passthrough", async (source, mountpoint, below) => {
      await using lower = await mountAs("passthrough", "", source, mountpoint, signal);
      await using merged = await overlay(lower.path, below);
      return { content: await readFile(join(merged.path, "file")), reads: readsOf(lower) };
    }),
    await inWorkspace("passthrough over FUSE", async (source, mountpoint, below) => {
      await using lower = await mountAs("fuse", "", source, mountpoint, signal);
      const upper = join(below, "mountpoint");
      await mkdir(upper);
      await using top = await mountAs("passthrough", "", lower.path, upper, signal);
      return { content: await readFile(join(top.path, "file")), reads: readsOf(top) };
    }),
  ];
}

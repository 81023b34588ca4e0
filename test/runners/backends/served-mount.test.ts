import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { mountsBelow } from "../../../linux/mounts/mountinfo.js";
import { type Backend, builtInBackend } from "../../../runners/backends/backend.js";
import { serve } from "../../../runners/backends/served-mount.js";
import { makeWorkspace } from "../../../runners/files/workspace.js";
import { canMount } from "../../filesystem/can-mount.js";
import { processesNaming, program } from "../../machine.js";

const folder = mkdtempSync(join(tmpdir(), "fusemeter-serve-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;
const ours = builtInBackend("fuse").command!;

/** A daemon of ours that begins with something else. */
const after = (first: string): Backend => ({ name: "late", kind: "command", command: `sh -c '${first}; exec "$@"' sh ${ours}` });

describe.skipIf(!canMount)("a backend that is served", () => {
  test("a daemon that works for long before it mounts is waited for, and one that does nothing is not", async () => {
    await using workspace = await makeWorkspace(folder);
    const patience = { idleMs: 1000, limitMs: 60_000 };
    const busy = after("i=0; while [ $i -lt 2000000 ]; do i=$((i + 1)); done");
    {
      await using mount = await serve(busy, workspace, "timed", never, patience);
      expect(mount.path).toBe(workspace.mountpoint);
    }
    const asleep = serve(after("sleep 60"), workspace, "timed", never, patience);
    await expect(asleep).rejects.toMatchObject({ code: "NOT_MOUNTED", message: expect.stringContaining("did nothing for 1 s") });
  });

  test("a daemon that works forever is given up at the limit", async () => {
    await using workspace = await makeWorkspace(folder);
    const mount = serve(after("while :; do :; done"), workspace, "timed", never, { idleMs: 1000, limitMs: 1500 });
    await expect(mount).rejects.toMatchObject({ code: "NOT_MOUNTED", message: expect.stringContaining("longer than 1.5 s") });
  });

  test("a daemon that leaves once its mount is there is reported with its own words", async () => {
    await using workspace = await makeWorkspace(folder);
    const script = join(folder, "leaves.sh");
    // The mount goes while the daemon is still waited for, and the daemon ends later.
    writeFileSync(
      script,
      'mount -t tmpfs leaves "$2"; sleep 0.02; umount "$2"; sleep 0.3; echo "it does not offer that" >&2; exit 3',
    );
    const backend: Backend = { name: "leaves", kind: "command", command: `sh ${script} {source} {mountpoint}` };
    await expect(serve(backend, workspace, "counted", never)).rejects.toThrow(
      /leaves did not mount.*exit 3: it does not offer that/,
    );
  });

  test("a daemon in the background that was given up does not mount later", async () => {
    const late = join(folder, "late");
    const backend: Backend = {
      name: "late",
      kind: "command",
      command: `sh -c '(sleep 2; touch ${late}; exec "$@") & exit 0' sh ${ours}`,
    };
    let root: string;
    {
      await using workspace = await makeWorkspace(folder);
      root = dirname(workspace.source);
      await expect(serve(backend, workspace, "timed", never, { idleMs: 300, limitMs: 1000 })).rejects.toThrow(
        "late did not mount",
      );
    }
    expect(existsSync(root)).toBe(false);
    await sleep(2500);
    expect(existsSync(late), "it must not have come so far").toBe(false);
    expect(processesNaming(root)).toEqual([]);
  });

  test("a daemon that mounts while it is ended leaves no mount, and the workspace goes", async () => {
    let root: string;
    {
      await using workspace = await makeWorkspace(folder);
      root = dirname(workspace.source);
      // SIGTERM is ignored, so SIGKILL comes after the mount, and leaves it without its daemon.
      const backend = after('trap "" TERM; sleep 1');
      await expect(serve(backend, workspace, "timed", never, { idleMs: 300, limitMs: 1000 })).rejects.toThrow(
        "late did not mount",
      );
    }
    expect(mountsBelow(root)).toEqual([]);
    expect(existsSync(root)).toBe(false);
    expect(processesNaming(root)).toEqual([]);
  });

  test("the dead mount of an earlier daemon does not spoil the next one", async () => {
    await using workspace = await makeWorkspace(folder);
    writeFileSync(join(workspace.source, "file"), "content");
    const words = [program, "mount", workspace.source, workspace.mountpoint];
    const dead = spawn(process.execPath, words, { stdio: "ignore" });
    while (mountsBelow(workspace.mountpoint).length === 0) await sleep(10);
    dead.kill("SIGKILL");
    await new Promise((resolve) => dead.once("exit", resolve));
    await using mount = await serve(builtInBackend("fuse"), workspace, "timed", never);
    expect(readFileSync(join(mount.path, "file"), "utf8")).toBe("content");
  });
});

test.skipIf(!canMount)("a workspace with a mount in it is disposed of, mount and all", async () => {
  let root: string;
  {
    await using workspace = await makeWorkspace(folder);
    root = dirname(workspace.source);
    spawn(process.execPath, [program, "mount", workspace.source, workspace.mountpoint], { stdio: "ignore" });
    while (mountsBelow(root).length === 0) await sleep(10);
  }
  expect(mountsBelow(root)).toEqual([]);
  expect(existsSync(root)).toBe(false);
});

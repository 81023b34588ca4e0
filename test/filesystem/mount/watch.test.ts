import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canMount } from "../can-mount.js";
import { type Daemon, runProgram, startDaemon, temporaryDirectory } from "../daemon.js";
import { requestsOf } from "../requests.js";

const OPCODES = ["LOOKUP", "GETATTR", "OPENDIR", "READDIR", "READDIRPLUS", "READ"];

describe.skipIf(!canMount).each(["daemon", "passthrough"])("a source that is watched, with --cache full in %s mode", (mode) => {
  let daemon: Daemon;
  let at: (name: string) => string;
  let below: (name: string) => string;
  beforeAll(async () => {
    daemon = await startDaemon(["--mode", mode, "--cache", "full", "--watch"]);
    at = (name) => join(daemon.mountpoint, name);
    below = (name) => join(daemon.source, name);
  });
  afterAll(async () => daemon[Symbol.asyncDispose]());

  /** Waits for a notification, which takes a moment on its way; without it the kernel would never ask again. */
  const seen = (look: () => unknown) => expect.poll(look, { timeout: 10_000 });

  test("a name that was missing appears, changes and goes", async () => {
    expect(existsSync(at("new"))).toBe(false);
    writeFileSync(below("new"), "one");
    await seen(() => existsSync(at("new"))).toBe(true);
    expect(readFileSync(at("new"), "utf8")).toBe("one");
    appendFileSync(below("new"), " and two");
    await seen(() => readFileSync(at("new"), "utf8")).toBe("one and two");
    expect(statSync(at("new")).size).toBe(11);
    unlinkSync(below("new"));
    await seen(() => existsSync(at("new"))).toBe(false);
  });

  test("content of the same length changes", async () => {
    writeFileSync(below("same"), "a".repeat(10_000));
    expect(readFileSync(at("same"), "utf8")).toBe("a".repeat(10_000));
    for (const letter of "bcdefgh") {
      writeFileSync(below("same"), letter.repeat(10_000));
      await seen(() => readFileSync(at("same"), "utf8")).toBe(letter.repeat(10_000));
    }
  });

  test("attributes change", async () => {
    writeFileSync(below("attributes"), "");
    statSync(at("attributes"));
    chmodSync(below("attributes"), 0o640);
    await seen(() => statSync(at("attributes")).mode & 0o777).toBe(0o640);
    utimesSync(below("attributes"), 1000, 2000);
    await seen(() => statSync(at("attributes")).mtimeMs).toBe(2_000_000);
    linkSync(below("attributes"), below("attributes again"));
    await seen(() => statSync(at("attributes")).nlink).toBe(2);
    unlinkSync(below("attributes again"));
    await seen(() => statSync(at("attributes")).nlink).toBe(1);
  });

  test("listings change, of directories that came later too", async () => {
    expect(readdirSync(at(""))).not.toContain("folder");
    mkdirSync(below("folder/inside/deep"), { recursive: true });
    await seen(() => readdirSync(at(""))).toContain("folder");
    expect(readdirSync(at("folder/inside"))).toEqual(["deep"]);
    symlinkSync("deep", below("folder/inside/link"));
    await seen(() => readdirSync(at("folder/inside")).sort()).toEqual(["deep", "link"]);
    rmSync(below("folder/inside"), { recursive: true });
    await seen(() => readdirSync(at("folder"))).toEqual([]);
  });

  test("renames are seen at both ends", async () => {
    mkdirSync(below("from"));
    mkdirSync(below("to"));
    writeFileSync(below("from/file"), "moved");
    expect([existsSync(at("from/file")), existsSync(at("to/file"))]).toEqual([true, false]);
    renameSync(below("from/file"), below("to/file"));
    await seen(() => [existsSync(at("from/file")), existsSync(at("to/file"))]).toEqual([false, true]);
    writeFileSync(below("to/other"), "replaced");
    expect(readFileSync(at("to/file"), "utf8")).toBe("moved");
    renameSync(below("to/other"), below("to/file"));
    await seen(() => readFileSync(at("to/file"), "utf8")).toBe("replaced");
  });

  test("what does not change costs no request", async () => {
    mkdirSync(below("quiet"));
    for (const name of ["a", "b", "c"]) writeFileSync(below(`quiet/${name}`), name);
    const work = () => {
      readdirSync(at("quiet"));
      for (const name of ["a", "b", "c", "missing"]) existsSync(at(`quiet/${name}`));
      for (const name of ["a", "b", "c"]) statSync(at(`quiet/${name}`));
    };
    await seen(() => {
      work();
      return requestsOf(daemon, OPCODES, work);
    }).toEqual({});
  });

  test("more changes than the kernel keeps for its watchers are all seen", async () => {
    mkdirSync(below("many"));
    writeFileSync(below("many/kept"), "before");
    expect(readdirSync(at("many"))).toEqual(["kept"]);
    expect(readFileSync(at("many/kept"), "utf8")).toBe("before");
    expect(existsSync(at("many/last"))).toBe(false);
    daemon.process.kill("SIGSTOP");
    // The queue has room for fs.fanotify.max_queued_events.
    const events = Number(readFileSync("/proc/sys/fs/fanotify/max_queued_events", "utf8"));
    spawnSync("python3", [
      "-c",
      `import os\nfor i in range(${events}): os.close(os.open("${below("many")}/%d" % i, os.O_CREAT))`,
    ]);
    writeFileSync(below("many/last"), "");
    writeFileSync(below("many/kept"), "after!");
    daemon.process.kill("SIGCONT");
    await seen(() => existsSync(at("many/last"))).toBe(true);
    await seen(() => readFileSync(at("many/kept"), "utf8")).toBe("after!");
    await seen(() => readdirSync(at("many")).length).toBe(events + 2);
  });
});

describe.skipIf(!canMount)("a watch", () => {
  test.each([
    ["a path", "source"],
    ["a path with a space, a tab and a backslash", "the source\t\\"],
  ])("is refused where a source at %s holds another filesystem, and leaves nothing", async (_, name) => {
    const [folder, mountpoint] = [temporaryDirectory(), temporaryDirectory()];
    const source = join(folder, name);
    mkdirSync(join(source, "inner"), { recursive: true });
    spawnSync("mount", ["-t", "tmpfs", "none", join(source, "inner")]);
    try {
      const { code, errors } = await runProgram(["mount", "--watch", source, mountpoint]);
      expect(errors).toMatch(/another filesystem is mounted in the source \(.*inner\)/);
      expect(errors.trim().split("\n")).toHaveLength(1);
      expect(code).toBe(3);
    } finally {
      spawnSync("umount", [join(source, "inner")]);
      for (const directory of [folder, mountpoint]) rmSync(directory, { recursive: true });
    }
  });

  test("ends with its mount", async () => {
    const daemon = await startDaemon(["--watch"]);
    spawnSync("umount", [daemon.mountpoint]);
    expect(await daemon.ended()).toBe(0);
    await daemon[Symbol.asyncDispose]();
  });
});

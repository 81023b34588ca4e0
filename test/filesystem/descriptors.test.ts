import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readStatus } from "../../filesystem/index.js";
import { canMount } from "./can-mount.js";
import { type Daemon, startDaemon } from "./daemon.js";

/** The daemon may have 200 descriptors, of which 50 for nodes; there are more files. */
const LIMIT = 200;
const FILES = 1000;

const name = (index: number) => `file-${index}`;

describe.skipIf(!canMount).each(["daemon", "passthrough"])("a tree with more files than descriptors, in %s mode", (mode) => {
  let daemon: Daemon;
  let at: (name: string) => string;
  let below: (name: string) => string;
  beforeAll(async () => {
    daemon = await startDaemon(["--mode", mode, "--transport", "device"], undefined, ["prlimit", `--nofile=${LIMIT}`]);
    at = (name) => join(daemon.mountpoint, name);
    below = (name) => join(daemon.source, name);
    for (const directory of ["deep", "deep/er", "deep/er/still"]) mkdirSync(below(directory));
    for (let index = 0; index < FILES; index++) writeFileSync(below(name(index)), `${index}`);
    for (let index = 0; index < FILES; index++) writeFileSync(below(`deep/er/still/${name(index)}`), `deep ${index}`);
  });
  afterAll(async () => daemon[Symbol.asyncDispose]());

  const descriptors = () => readdirSync(`/proc/${daemon.process.pid}/fd`).length;

  test("every file is seen and read", () => {
    for (let index = 0; index < FILES; index++) {
      expect(statSync(at(name(index))).ino).toBe(statSync(below(name(index))).ino);
      expect(readFileSync(at(`deep/er/still/${name(index)}`), "utf8")).toBe(`deep ${index}`);
    }
    expect(descriptors()).toBeLessThan(LIMIT);
  });

  test("every file is written, renamed and removed", () => {
    for (let index = 0; index < FILES; index += 10) {
      writeFileSync(at(name(index)), `changed ${index}`);
      renameSync(at(name(index)), at(`deep/er/${name(index)}`));
      expect(readFileSync(below(`deep/er/${name(index)}`), "utf8")).toBe(`changed ${index}`);
      unlinkSync(at(`deep/er/${name(index)}`));
      mkdirSync(at(name(index)));
      writeFileSync(at(`${name(index)}/new`), "new");
    }
    expect(descriptors()).toBeLessThan(LIMIT);
  });

  test("a new file is not taken for the old one whose inode number it got", async () => {
    const last = name(FILES - 1);
    const before = statSync(at(last));
    unlinkSync(below(last));
    writeFileSync(below("other"), "another file");
    renameSync(below("other"), below(last));
    // The kernel may believe the old name for a second.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(readFileSync(at(last), "utf8")).toBe("another file");
    expect(statSync(at(last)).ctimeMs).not.toBe(before.ctimeMs);
  });

  test("what is removed is forgotten", () => {
    rmSync(at("deep"), { recursive: true });
    expect(readdirSync(daemon.source)).not.toContain("deep");
  });
});

/** Files of the test below: more than the 50 nodes with a descriptor. */
const SOME_FILES = 60;

/** The files of a mount whose last ones have handles, served by one worker, which predicts the next lookup by the last. */
test.skipIf(!canMount).each([
  ["a known name", () => {}],
  ["a new name", (source: string) => writeFileSync(join(source, "new"), "")],
])("an inode number that is used again is another node after a lookup of %s, and no node is left", async (last, prepare) => {
  const words = ["--mode", "daemon", "--transport", "device", "--workers", "1"];
  await using daemon = await startDaemon(words, undefined, ["prlimit", `--nofile=${LIMIT}`]);
  const at = (name: string) => join(daemon.mountpoint, name);
  const below = (name: string) => join(daemon.source, name);
  const reused = name(SOME_FILES - 1);
  for (let index = 0; index < SOME_FILES; index++) writeFileSync(below(name(index)), `${index}`);
  for (let index = 0; index < SOME_FILES; index++) statSync(at(name(index)));
  const before = statSync(below(reused));
  unlinkSync(below(reused));
  // The filesystem gives the number to a new file, unless another process was faster.
  const made: string[] = [];
  do {
    made.push(`made-${made.length}`);
    writeFileSync(below(made.at(-1)!), "another file");
  } while (statSync(below(made.at(-1)!)).ino !== before.ino && made.length < 200);
  renameSync(below(made.pop()!), below(reused));
  prepare(daemon.source);
  // The kernel may keep the old names for a second.
  await new Promise((resolve) => setTimeout(resolve, 1100));
  statSync(at(last === "a new name" ? "new" : name(0)));
  expect(readFileSync(at(reused), "utf8")).toBe("another file");
  expect(statSync(at(reused)).ino).toBe(statSync(below(reused)).ino);
  statSync(at(name(SOME_FILES - 2)));
  // Directory entries and inodes: the kernel then forgets all but the root.
  const known = () => {
    writeFileSync("/proc/sys/vm/drop_caches", "2");
    return readStatus(daemon.mountpoint).inodes;
  };
  await expect.poll(known, { timeout: 20_000 }).toBe(1);
});

test.skipIf(!canMount)("the kernel's table of descriptors does not grow while a tree is walked", async () => {
  await using daemon = await startDaemon(["--mode", "daemon", "--transport", "device"], undefined, ["prlimit", "--nofile=8000"]);
  const sizeOfTable = () => Number(/FDSize:\s+(\d+)/.exec(readFileSync(`/proc/${daemon.process.pid}/status`, "utf8"))![1]);
  for (let index = 0; index < FILES; index++) writeFileSync(join(daemon.source, name(index)), "");
  const before = sizeOfTable();
  for (let index = 0; index < FILES; index++) statSync(join(daemon.mountpoint, name(index)));
  expect(sizeOfTable()).toBe(before);
  expect(before).toBeGreaterThanOrEqual(4000);
});

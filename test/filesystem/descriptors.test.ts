import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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

test.skipIf(!canMount)("the kernel's table of descriptors does not grow while a tree is walked", async () => {
  await using daemon = await startDaemon(["--mode", "daemon", "--transport", "device"], undefined, ["prlimit", "--nofile=8000"]);
  const sizeOfTable = () => Number(/FDSize:\s+(\d+)/.exec(readFileSync(`/proc/${daemon.process.pid}/status`, "utf8"))![1]);
  for (let index = 0; index < FILES; index++) writeFileSync(join(daemon.source, name(index)), "");
  const before = sizeOfTable();
  for (let index = 0; index < FILES; index++) statSync(join(daemon.mountpoint, name(index)));
  expect(sizeOfTable()).toBe(before);
  expect(before).toBeGreaterThanOrEqual(4000);
});

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readStatus } from "../../filesystem/index.js";
import { canMount } from "./can-mount.js";
import { startDaemon, temporaryDirectory } from "./daemon.js";
import { offerRings, transports } from "./transports.js";

offerRings();

/** Files that are walked, in directories of 1,000; `npm run walks` walks 100,000. */
const FILES = Number(process.env.WALK_FILES ?? 5000);
const WALKS = 10;

/** A walk that keeps a word for each file would add this much a file, and one that keeps an object more. */
const KEPT_BYTES = 4;

/** V8's own heaps, which grow and shrink by whole pages of 256 KiB in each thread. */
const V8_BYTES = 4 << 20;

function makeTree(directory: string): void {
  for (let index = 0; index < FILES; index++) {
    const folder = join(directory, String(Math.floor(index / 1000)));
    if (index % 1000 === 0) mkdirSync(folder);
    writeFileSync(join(folder, String(index)), "");
  }
}

/** The memory of a process that no file stands behind, in bytes. */
function anonymousBytes(pid: number): number {
  return Number(/^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) * 1024;
}

describe.skipIf(!canMount).each(transports)("over %s", (transport) => {
  test("a daemon's memory does not grow with walks whose inodes the kernel forgets", {
    timeout: 60_000 + FILES * WALKS,
  }, async () => {
    const source = temporaryDirectory();
    makeTree(source);
    await using daemon = await startDaemon(["--mode", "daemon", "--transport", transport], source);
    const seen: number[] = [];
    for (let walk = 0; walk < WALKS; walk++) {
      const listed = execFileSync("find", [daemon.mountpoint, "-type", "f", "-printf", "%s\n"], { maxBuffer: 1 << 26 });
      expect(listed.length).toBe(2 * FILES);
      // Directory entries and inodes: the kernel then forgets the mount's.
      writeFileSync("/proc/sys/vm/drop_caches", "2");
      await expect.poll(() => readStatus(daemon.mountpoint).inodes, { timeout: 60_000 }).toBeLessThan(10);
      seen.push(anonymousBytes(daemon.process.pid!));
    }
    const line = seen.map((bytes) => (bytes / 2 ** 20).toFixed(1)).join(", ");
    if (process.env.WALK_FILES !== undefined) console.log(`${transport}, MiB after each walk of ${FILES} files: ${line}`);
    // The first walks fill the table and V8's heaps.
    const [begin, end] = [Math.min(...seen.slice(1, 4)), Math.min(...seen.slice(-3))];
    expect(end - begin, line).toBeLessThan(V8_BYTES + 6 * FILES * KEPT_BYTES);
    rmSync(source, { recursive: true });
  });
});

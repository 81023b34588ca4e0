import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canMount } from "../can-mount.js";
import { directoryOfTest, runProgram, startDaemon, temporaryDirectory } from "../daemon.js";
import { requestsOf } from "../requests.js";
import { offerRings, transports } from "../transports.js";

offerRings();

const MIB = 1 << 20;
const source = temporaryDirectory();
beforeAll(() => writeFileSync(join(source, "file"), Buffer.alloc(16 * MIB, 1)));
afterAll(() => rmSync(source, { recursive: true }));

/** The number of READs that it takes to read 16 MiB once. */
async function readsOf(words: readonly string[], ...dd: readonly string[]): Promise<number> {
  await using daemon = await startDaemon(["--mode", "daemon", ...words], source);
  const file = join(daemon.mountpoint, "file");
  const read = () => execFileSync("dd", [`if=${file}`, "of=/dev/null", "bs=1M", "status=none", ...dd]);
  return requestsOf(daemon, ["READ"], read).READ!;
}

describe.skipIf(!canMount).each(transports)("16 MiB over %s take", (transport) => {
  const words = ["--transport", transport];

  test("a READ for each MiB, with O_DIRECT", async () => {
    expect(await readsOf(words, "iflag=direct")).toBe(16);
  });

  test("128 READs or little more as FUSE reads ahead", async () => {
    const reads = await readsOf(words);
    expect(reads).toBeGreaterThanOrEqual(128);
    expect(reads).toBeLessThan(160);
  });

  test("16 READs or little more with a window of 1 MiB", async () => {
    const reads = await readsOf([...words, "--max-readahead", "1024"]);
    expect(reads).toBeGreaterThanOrEqual(16);
    expect(reads).toBeLessThan(32);
  });

  test("256 READs where a request may have 64 KiB", async () => {
    expect(await readsOf([...words, "--max-io", "64"], "iflag=direct")).toBe(256);
  });
});

test.skipIf(!canMount)("requests larger than the kernel allows are refused", async () => {
  const { code, errors } = await runProgram(["mount", "--max-io", "262140", source, directoryOfTest()]);
  expect(errors).toMatch(
    /this kernel allows requests of \d+ KiB, not of 262140 KiB\. Raise the limit before the mount, as root: sysctl fs\.fuse\.max_pages_limit=\d+/,
  );
  expect(code).toBe(3);
});

import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { canMount } from "./can-mount.js";
import { startDaemon } from "./daemon.js";

test.skipIf(!canMount)("debug lines that nobody reads are lost and counted, and the mount goes on", async () => {
  await using daemon = await startDaemon(["--debug", "--cache", "none", "--workers", "1"]);
  const { stderr } = daemon.process;
  stderr!.pause();
  const missing = (name: string) => statSync(join(daemon.mountpoint, name), { throwIfNoEntry: false });
  // Some 80 bytes each, which is more than a pipe and its reader hold.
  for (let index = 0; index < 5000; index++) expect(missing(String(index))).toBeUndefined();
  stderr!.resume();
  const errors = () => {
    missing("again");
    return daemon.errors();
  };
  await expect.poll(errors, { timeout: 5000 }).toMatch(/^\(\d+ lines lost\)$/m);
});

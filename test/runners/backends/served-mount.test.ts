import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandBackend } from "../../../runners/backends/backend.js";
import { serve } from "../../../runners/backends/served-mount.js";
import { makeWorkspace } from "../../../runners/files/workspace.js";
import { canMount } from "../../filesystem/can-mount.js";
import { directoryOfTest } from "../../filesystem/daemon.js";

test.skipIf(!canMount)("a daemon that leaves once its mount is there is reported with its own words", async () => {
  const folder = directoryOfTest();
  const script = join(folder, "leaves.sh");
  // The mount goes while the daemon is still waited for, and the daemon ends later.
  writeFileSync(script, 'mount -t tmpfs leaves "$2"; sleep 0.02; umount "$2"; sleep 0.3; echo "it does not offer that" >&2; exit 3');
  await using workspace = await makeWorkspace(join(folder, "runs"));
  const backend = commandBackend(`leaves=sh '${script}' {source} {mountpoint}`);
  const served = serve(backend, workspace, "counted", new AbortController().signal);
  await expect(served).rejects.toThrow(/leaves did not mount.*exit 3: it does not offer that/);
});

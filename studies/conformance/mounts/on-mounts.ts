import { chmodSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { makeWorkspace } from "../../../runners/files/index.js";
import { ourBackend, serveFolders } from "../../our-mount.js";
import { expectedFailures } from "./expected-failures.js";
import type { Suite } from "./suite.js";

/** A way to mount. */
export interface Way {
  readonly mode: string;
  readonly transport: string;
}

export const nameOf = ({ mode, transport }: Way) => `${mode} over ${transport}`;

/**
 * Runs a suite on the bare source, then on a mount of it in each way, and prints the tests that fail on a mount alone.
 *
 * @returns true where all of those are expected
 */
export async function runOnMounts(suite: Suite, ways: readonly Way[], signal: AbortSignal): Promise<boolean> {
  await using workspace = await makeWorkspace(tmpdir());
  const { source } = workspace;
  // Tests act as other users, who must get here.
  for (const folder of [dirname(source), source]) chmodSync(folder, 0o755);
  const bare = await suite({ directory: source, source }, signal);
  console.log(`bare source: ${bare.count} tests, ${bare.failures.size} fail`);
  const expected = expectedFailures();
  let isAsExpected = true;
  for (const way of ways) {
    const words = `--mode ${way.mode} --transport ${way.transport} -o allow_other,default_permissions`;
    await using mount = await serveFolders(ourBackend(words), workspace, signal);
    const { count, failures } = await suite({ directory: mount.path, source }, signal);
    const own = [...failures].filter((failure) => !bare.failures.has(failure));
    console.log(`${nameOf(way)}: ${count} tests, ${own.length} fail that the bare source passes`);
    for (const failure of own.filter((name) => !expected.has(name))) {
      console.log(`  not expected: ${failure}`);
      isAsExpected = false;
    }
  }
  return isAsExpected;
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** An empty directory of the test that runs; gone after it. */
export function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), "fusemeter-lazy-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../../package-root.js";

/** Failures that are known and can't be helped. The file has lines `path number reason`. @returns `path number` of each */
export function expectedFailures(): ReadonlySet<string> {
  const text = readFileSync(join(packageRoot(), "test/conformance/expected-failures.txt"), "utf8");
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Set(lines.map((line) => line.split(" ").slice(0, 2).join(" ")));
}

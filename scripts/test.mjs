// `npm test [-- files…]`: set-up, types, lint, all tests, and one closing line that counts them.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needCommands, root, setUp, step } from "./setup.mjs";

setUp();
needCommands({ strace: "strace", chromium: "chromium", python3: "python3", fusermount3: "fuse3", zstd: "zstd" });
step("checking types", join(root, "node_modules/.bin/tsc"), ["-p", "tsconfig.json"]);
step("checking style", join(root, "node_modules/.bin/biome"), ["ci", "."]);
step("looking for exports, files and dependencies that nothing uses", join(root, "node_modules/.bin/knip"), []);

const folder = mkdtempSync(join(tmpdir(), "fusemeter-test-"));
const report = join(folder, "report.json");
const { status } = spawnSync(
  join(root, "node_modules/.bin/vitest"),
  ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...process.argv.slice(2)],
  { cwd: root, stdio: "inherit" },
);
try {
  const { numPassedTests, numFailedTests, numPendingTests, numTotalTestSuites, success } = JSON.parse(
    readFileSync(report, "utf8"),
  );
  // A file that could not be loaded has no failed test, and must not pass for that.
  const failed = numFailedTests === 0 && !success ? 1 : numFailedTests;
  console.log(`${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped`);
  process.exitCode = status !== 0 || failed > 0 || numTotalTestSuites === 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

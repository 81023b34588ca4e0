// `npm run gate [-- words…]`: set-up, then this project's own gate: its counts against the baseline that is committed.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, setUp } from "./setup.mjs";

setUp();
// Without words of its own it compares; with --save it takes the baseline anew.
const words = process.argv.slice(2);
const baseline = join(root, "results/baselines/counts.json");
const what = words.includes("--save") ? [] : ["--baseline", baseline];
const grid = ["--measures", "counts", "--backends", "native,fuse,passthrough", "--file-size", "256MB", "--history", "none"];
const { status } = spawnSync(process.execPath, [join(root, "bin/fusemeter.js"), "gate", ...what, ...grid, ...words], {
  stdio: "inherit",
});
process.exitCode = status ?? 3;

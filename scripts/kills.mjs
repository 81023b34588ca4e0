// `npm run kills [-- --tries 100]`: set-up, then what commands leave behind that are killed at random moments. Needs root.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, setUp } from "./setup.mjs";

setUp();
const { status } = spawnSync(process.execPath, [join(root, "dist/studies/kills/main.js"), ...process.argv.slice(2)], {
  stdio: "inherit",
});
process.exitCode = status ?? 1;

// `npm run bench [-- options]`: set-up, then what measuring itself costs. `npm run bench -- requests`: what each cache mode asks.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, setUp } from "./setup.mjs";

setUp();
const [first, ...rest] = process.argv.slice(2);
const [file, words] = first === "requests" ? ["requests.js", rest] : ["main.js", process.argv.slice(2)];
const { status } = spawnSync(process.execPath, [join(root, "dist/studies/counters", file), ...words], {
  stdio: "inherit",
});
process.exitCode = status ?? 1;

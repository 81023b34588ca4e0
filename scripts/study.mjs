// `node scripts/study.mjs STUDY [words…]`: set-up, then a study of ourselves, in this process. The npm scripts name the studies.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { needCommands, root, setUp } from "./setup.mjs";

/** Debian packages by the commands that an option of a study runs. */
const neededBy = {
  "--programs": { git: "git", make: "make", cc: "gcc", sqlite3: "sqlite3", fio: "fio", diff: "diffutils" },
};

/** Debian packages by the commands that a study runs, whatever its options. */
const neededByStudy = { gate: { cc: "build-essential", bindfs: "bindfs" }, lazy: { zstd: "zstd" } };

setUp();
// The study finds its words in process.argv, as a program of its own would.
const [name] = process.argv.splice(2, 1);
if (name in neededByStudy) needCommands(neededByStudy[name]);
for (const [option, packageOf] of Object.entries(neededBy))
  if (process.argv.some((word) => word.split("=")[0] === option)) needCommands(packageOf);
await import(pathToFileURL(join(root, "dist/studies", name, "main.js")).href);

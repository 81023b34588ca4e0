// `node scripts/study.mjs STUDY [words…]`: set-up, then a study of ourselves, in this process. The npm scripts name the studies.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root, setUp } from "./setup.mjs";

setUp();
// The study finds its words where a program of its own would.
const [name] = process.argv.splice(2, 1);
await import(pathToFileURL(join(root, "dist/studies", name, "main.js")).href);

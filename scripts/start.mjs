// `npm start [-- command …]`: set-up, then the program; without words, the quick comparison.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root, setUp } from "./setup.mjs";

setUp();
const words = process.argv.slice(2);
const program = spawn(
  process.execPath,
  [join(root, "bin/fusemeter.js"), ...(words.length > 0 ? words : ["run", "--profile", "quick"])],
  {
    stdio: "inherit",
  },
);
// The program cleans up after itself and ends; this process only waits for it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => program.kill(signal));
program.on("exit", (code, signal) => {
  process.exitCode = code ?? (signal === "SIGINT" ? 130 : 143);
});

// `npm run gate:study [-- --result DIR] [--full N] [--decisions N] [--workloads LIST]`: how often the gate is wrong where nothing has changed.
// Set-up, then studies/gate: runs drawn from 30 blocks of one daemon under two names, decided by the gate's own procedure. With --full it also makes
// N whole runs, of some workloads or of those of --profile ci.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root, setUp } from "./setup.mjs";

setUp();
const child = spawn(process.execPath, [join(root, "dist/studies/gate/main.js"), ...process.argv.slice(2)], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("close", (code) => {
  process.exitCode = code ?? 1;
});

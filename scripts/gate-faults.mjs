// `npm run gate:faults [-- --tries N] [--only TEXT,TEXT]`: how often the gate finds each injected fault, and how long it takes.
// Long: twenty tries of each fault take more than an hour.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { countedFaults, faultyDaemon, soundDaemons } from "../test/fixtures/faulty-daemon.mjs";
import { scratch } from "./scratch.mjs";
import { root, setUp } from "./setup.mjs";

const { values } = parseArgs({ options: { tries: { type: "string", default: "20" }, only: { type: "string", default: "" } } });
setUp();
const { folder, signal, within } = scratch("fusemeter-faults-");
const baseline = join(folder, "baseline.json");

async function gate(args) {
  const startedMs = performance.now();
  const words = ["gate", "--history", "none", "--out", join(folder, "out"), "--json", ...args];
  const { exitCode, stdout, stderr } = await execa(process.execPath, [join(root, "bin/fusemeter.js"), ...words], {
    reject: false,
    cancelSignal: signal,
  });
  signal.throwIfAborted();
  rmSync(join(folder, "out"), { recursive: true, force: true });
  const decision = stdout.startsWith("{") ? JSON.parse(stdout) : { rows: [] };
  const worse = decision.rows.filter(({ verdict }) => verdict === "worse").map(({ measure }) => measure);
  return { exitCode, worse, stderr, seconds: (performance.now() - startedMs) / 1000 };
}

const counts = ["--measures", "counts", "--file-size", "256MB"];
const backend = (name, command) => ["--backend", `${name}=${command}`];

/** A build whose program mounts with a fault, as --base and --head take it. */
function build(name, fault) {
  const directory = join(folder, name);
  mkdirSync(directory, { recursive: true });
  const line = faultyDaemon(fault).replace("{source} {mountpoint}", '"$@"');
  writeFileSync(join(directory, "serve"), `#!/bin/sh\nexec ${line}\n`, { mode: 0o755 });
  return directory;
}

/** Ten percent of what a read takes now: the median of a few short looks. */
async function tenthOfRequestNs() {
  const out = join(folder, "look");
  const words = ["run", "--out", out, "--backends", "native", ...backend("daemon", soundDaemons.daemon)];
  const grid = ["--workloads", "rnd-rd-1th-1f", "--sizes", "4KB", "--caches", "warm", "--file-size", "512MB", "--blocks", "5"];
  const { stdout } = await execa(process.execPath, [join(root, "bin/fusemeter.js"), ...words, ...grid, "--json"], {
    cancelSignal: signal,
  });
  rmSync(out, { recursive: true, force: true });
  const { samples } = JSON.parse(stdout).cells.find((cell) => cell.backend === "daemon");
  const means = samples.flatMap(({ figures }) => figures?.latencyNs.mean ?? []).sort((a, b) => a - b);
  return Math.round(means[Math.floor(means.length / 2)] / 10);
}

let slowerNs = null;

async function trySlow() {
  slowerNs ??= await tenthOfRequestNs();
  const builds = ["--base", build("base", "none"), "--head", build("head", `slow:${slowerNs}`)];
  return gate([...builds, "--serve", "{dir}/serve {source} {mountpoint}", "--budget", "5", "--workloads", "rnd-rd-1th-1f"]);
}

const faults = [
  ...countedFaults.map(({ name, command, backend: served, workload, measure }) => ({
    name,
    needsBaseline: true,
    isFound: (worse) => worse.includes(measure),
    run: () =>
      gate(["--baseline", baseline, ...counts, "--backends", served, ...backend(served, command), "--workloads", workload]),
  })),
  { name: "a daemon slower by 10 percent a request", needsBaseline: false, isFound: (worse) => worse.length > 0, run: trySlow },
].filter(({ name }) => values.only.split(",").some((part) => name.includes(part)));

await within(async () => {
  if (faults.some(({ needsBaseline }) => needsBaseline)) {
    const sound = Object.entries(soundDaemons).flatMap(([name, command]) => backend(name, command));
    const saved = await gate(["--save", baseline, ...counts, "--backends", "native", ...sound]);
    if (saved.exitCode !== 0) throw new Error(saved.stderr);
  }
  // In turns, so that a run that is stopped has tried all of them about as often.
  const results = new Map(faults.map(({ name }) => [name, []]));
  for (let index = 0; index < Number(values.tries); index++) {
    for (const { name, isFound, run } of faults) {
      const { exitCode, worse, seconds, stderr } = await run();
      results.get(name).push({ found: exitCode === 1 && isFound(worse), seconds });
      const what = [...new Set(worse)].join(", ") || "none";
      console.error(`try ${index + 1}: ${name}: exit ${exitCode} after ${seconds.toFixed(0)} s, worse: ${what}`);
      if (exitCode !== 1) console.error(stderr.split("\n").slice(-3).join("\n"));
    }
  }
  for (const [name, tries] of results) {
    const longest = Math.max(...tries.map(({ seconds }) => seconds));
    console.log(
      `${name}: found in ${tries.filter(({ found }) => found).length} of ${tries.length}, ${longest.toFixed(0)} s at most`,
    );
  }
});

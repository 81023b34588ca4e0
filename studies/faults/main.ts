// How often the gate finds each injected fault, and how long it takes. Long: twenty tries of each fault take more than an hour.
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { makeWorkspace } from "../../runners/files/index.js";
import { untilEnded } from "../until-ended.js";
import { countedFaults, soundDaemons } from "./faulty-daemon.js";
import { type GateRun, runGate } from "./gate.js";
import { slowerHead } from "./slower-daemon.js";

const { values } = parseArgs({ options: { tries: { type: "string", default: "20" }, only: { type: "string", default: "" } } });

interface Fault {
  readonly name: string;
  readonly needsBaseline: boolean;
  readonly isFound: (worse: readonly string[]) => boolean;
  readonly run: () => Promise<GateRun>;
}

const counts = ["--measures", "counts", "--file-size", "256MB"];
const backend = (name: string, command: string) => ["--backend", `${name}=${command}`];

/** All faults, each with a run of the gate that should find it. */
function faultsIn(folder: string, baseline: string, gate: (words: readonly string[]) => Promise<GateRun>, signal: AbortSignal) {
  let head: Promise<readonly string[]> | null = null;
  const faults: Fault[] = countedFaults.map(({ name, command, backend: served, workload, measure }) => ({
    name,
    needsBaseline: true,
    isFound: (worse) => worse.includes(measure),
    run: () =>
      gate(["--baseline", baseline, ...counts, "--backends", served, ...backend(served, command), "--workloads", workload]),
  }));
  faults.push({
    name: "a daemon slower by 10 percent a request",
    needsBaseline: false,
    isFound: (worse) => worse.length > 0,
    run: async () => {
      head ??= slowerHead(folder, signal);
      return gate(await head);
    },
  });
  return faults;
}

await untilEnded(async (signal) => {
  await using workspace = await makeWorkspace(tmpdir());
  const folder = workspace.source;
  const baseline = join(folder, "baseline.json");
  const gate = (words: readonly string[]) => runGate(words, folder, signal);
  const faults = faultsIn(folder, baseline, gate, signal).filter(({ name }) =>
    values.only.split(",").some((part) => name.includes(part)),
  );
  if (faults.some(({ needsBaseline }) => needsBaseline)) {
    const sound = Object.entries(soundDaemons).flatMap(([name, command]) => backend(name, command));
    const { exitCode, stderr } = await gate(["--save", baseline, ...counts, "--backends", "native", ...sound]);
    if (exitCode !== 0) throw new Error(stderr);
  }
  // In turns, so that a run that is stopped has tried all of them about as often.
  const results = new Map(faults.map(({ name }) => [name, [] as { found: boolean; seconds: number }[]]));
  for (let index = 0; index < Number(values.tries); index++) {
    for (const { name, isFound, run } of faults) {
      const { exitCode, worse, seconds, stderr } = await run();
      results.get(name)!.push({ found: exitCode === 1 && isFound(worse), seconds });
      const measures = [...new Set(worse)].join(", ") || "none";
      console.error(`try ${index + 1}: ${name}: exit ${exitCode} after ${seconds.toFixed(0)} s, worse: ${measures}`);
      if (exitCode !== 1) console.error(stderr.split("\n").slice(-3).join("\n"));
    }
  }
  for (const [name, tries] of results) {
    const found = tries.filter((attempt) => attempt.found).length;
    const longest = Math.max(...tries.map(({ seconds }) => seconds));
    console.log(`${name}: found in ${found} of ${tries.length}, ${longest.toFixed(0)} s at most`);
  }
  return 0;
});

// The gate's operating curve: whole runs of daemons with faults put in from outside, each read at several budgets, and runs drawn
// from their rounds. Long: a run takes two minutes. Runs are saved, and a study that was stopped goes on where it was.
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { invalidValue } from "../../errors.js";
import { makeWorkspace } from "../../runners/files/index.js";
import { seededRandom } from "../../workloads/index.js";
import { untilEnded } from "../until-ended.js";
import { type Load, loads } from "./busy.js";
import { tryCalls } from "./calls.js";
import { type CurvePoint, pointsOf, RANDOM_READS } from "./curve.js";
import { type DaemonName, daemonCommands, daemonNames } from "./daemons.js";
import { replayed } from "./decisions.js";
import { levelTable } from "./levels.js";
import { calibrated, measuredRun, type StudySetting } from "./measure.js";
import { curveChart, drawCurve } from "./picture.js";
import { compilePreload } from "./preload.js";
import { type Kind, savedRuns } from "./saved-runs.js";
import { curveTable } from "./table.js";

const { values } = parseArgs({
  options: {
    daemon: { type: "string", default: "fuse,bindfs" },
    /** The path of libfuse's example, with options, for --daemon passthrough_hp. */
    "passthrough-hp": { type: "string" },
    effect: { type: "string", default: "0,1,2,3,5,10" },
    load: { type: "string", default: "quiet,busy" },
    workloads: { type: "string", default: RANDOM_READS },
    runs: { type: "string", default: "20" },
    seconds: { type: "string", default: "120" },
    decisions: { type: "string", default: "200" },
    out: { type: "string", default: "results/studies/gate" },
    seed: { type: "string", default: "1" },
    /** Runs of `fusemeter gate` on a head with one system call more, instead of the curve. */
    calls: { type: "string", default: "0" },
    /** Simulated runs where nothing changed, instead of the curve: how often the test of a time is beyond its level. */
    simulated: { type: "string", default: "0" },
  },
});

/** The words of a list, each one of some. */
function words<Word extends string>(option: string, text: string, all: readonly Word[]): Word[] {
  return text.split(",").map((word) => {
    const found = all.find((candidate) => candidate === word);
    if (found === undefined) throw invalidValue(`--${option}`, word, `one of ${all.join(", ")}`, "BAD_OPTION");
    return found;
  });
}

/** The kinds of runs that were asked for, in the order in which they are measured: all daemons and loads before the next effect. */
function kindsOf(): Kind[] {
  const effects = values.effect.split(",").map(Number);
  const daemons = words<DaemonName>("daemon", values.daemon, daemonNames);
  const chosen = words<Load>("load", values.load, loads);
  return effects.flatMap((effectPercent) => daemons.flatMap((daemon) => chosen.map((load) => ({ daemon, load, effectPercent }))));
}

const nameOf = ({ daemon, load, effectPercent }: Kind) => `${daemon}, ${load}, slower by ${effectPercent} %`;

/** In turns, so that a study that is stopped has as many runs of each kind. */
async function measureAll(kinds: readonly Kind[], setting: StudySetting): Promise<void> {
  const readNs = new Map<DaemonName, number>();
  for (const daemon of new Set(kinds.map((kind) => kind.daemon))) {
    readNs.set(daemon, await calibrated(setting, daemon));
    console.error(`${daemon}: a random read takes ${(readNs.get(daemon)! / 1000).toFixed(1)} us`);
  }
  for (let index = 0; index < Number(values.runs); index++) {
    for (const kind of kinds) {
      const run = await measuredRun(setting, kind, index, readNs.get(kind.daemon)!);
      const said = [60, setting.seconds].map((seconds) => `${replayed(run, seconds).decision.verdict} in ${seconds} s`);
      console.error(`run ${index + 1}: ${nameOf(kind)}: ${said.join(", ")}`);
    }
  }
}

await untilEnded(async (signal) => {
  if (Number(values.simulated) > 0) {
    console.log(levelTable(Number(values.simulated), seededRandom(Number(values.seed))));
    return 0;
  }
  const out = resolve(values.out);
  await mkdir(out, { recursive: true });
  const commands = daemonCommands(values["passthrough-hp"] ?? null);
  const commandOf = (daemon: DaemonName) => {
    const command = commands[daemon];
    if (command === null) throw invalidValue("--passthrough-hp", "", "the program of libfuse's example", "BAD_OPTION");
    return command;
  };
  const library = await compilePreload(out);
  if (Number(values.calls) > 0) {
    const [daemons, chosen] = [words("daemon", values.daemon, daemonNames), words("load", values.load, loads)];
    await using workspace = await makeWorkspace(out);
    const folder = workspace.source;
    await tryCalls({ tries: Number(values.calls), daemons, loads: chosen, commandOf, library, folder, signal });
    return 0;
  }
  const kinds = kindsOf();
  const workloads = values.workloads.split(",");
  await measureAll(kinds, { out, commandOf, library, workloads, seconds: Number(values.seconds), signal });
  const points: CurvePoint[] = [];
  let host = "";
  for (const kind of kinds) {
    const runs = await savedRuns(out, kind);
    if (runs.length === 0) continue;
    host = `Linux ${runs[0]!.host.kernel}, ${runs[0]!.host.cores} cores`;
    points.push(...pointsOf(kind, runs, Number(values.decisions), seededRandom(Number(values.seed))));
  }
  console.log(curveTable(points));
  await writeFile(join(out, "curve.json"), `${JSON.stringify(points, null, 1)}\n`);
  await writeFile(join(out, "curve.md"), `${curveTable(points)}\n`);
  if (points.length > 0) await drawCurve(join(out, "curve.png"), curveChart(points, 60, host));
  return 0;
});

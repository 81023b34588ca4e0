import { parseArgs } from "node:util";
import { markdownTable } from "markdown-table";
import { seededRandom } from "../../workloads/index.js";
import { KillingGround, killedCommands } from "./kill.js";
import { countTraces, hasTraces, type Traces } from "./traces.js";

const { values } = parseArgs({
  options: {
    tries: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    /** A command is killed at a moment from 0 to this many ms. */
    longest: { type: "string", default: "6000" },
  },
});

const tries = Number(values.tries);
const random = seededRandom(Number(values.seed));
const kinds = ["processes", "mounts", "folders", "knobs"] as const;
const hits = Object.fromEntries(
  killedCommands.map((name) => [name, { kills: 0, processes: 0, mounts: 0, folders: 0, knobs: 0 }]),
);
let failures = 0;

using ground = new KillingGround();
for (let index = 0; index < tries; index++) {
  const name = killedCommands[index % killedCommands.length]!;
  const kill = await ground.kill(name, random() * Number(values.longest));
  const hit = hits[name]!;
  hit.kills++;
  for (const kind of kinds) hit[kind] += countTraces(kill.before)[kind] > 0 ? 1 : 0;
  console.error(`${index + 1}/${tries}: ${name} after ${kill.afterMs.toFixed(0)} ms, found ${text(kill.before)}`);
  for (const line of kill.said) console.error(`  ${line}`);
  if (!hasTraces(kill.after)) continue;
  failures++;
  console.error(`  LEFT ${JSON.stringify(kill.after)}`);
}

function text(traces: Traces): string {
  return Object.entries(countTraces(traces))
    .map(([kind, count]) => `${count} ${kind}`)
    .join(", ");
}

console.log(`Kills that left something of each kind, before the next command. Seed ${values.seed}.\n`);
const rows = Object.entries(hits).map(([name, hit]) => [name, String(hit.kills), ...kinds.map((kind) => String(hit[kind]))]);
console.log(markdownTable([["command", "kills", ...kinds], ...rows], { align: ["l", "r", "r", "r", "r", "r"] }));
console.log(`\n${tries} SIGKILLs: after one command more, ${failures} left anything.`);
process.exitCode = failures === 0 ? 0 : 1;

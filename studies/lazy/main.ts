import { parseArgs } from "node:util";
import { untilEnded } from "../until-ended.js";
import { readFromLossyOrigin } from "./chunks.js";
import { killDaemons } from "./kills.js";
import { readLayers } from "./layers.js";
import { openWhilePromoting } from "./opens.js";
import { failPower } from "./power.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: "1" },
    /** Kills, opens, chunks or power failures. */
    number: { type: "string" },
    /** The tree that layers are made of. */
    tree: { type: "string", default: "/usr/share" },
    readers: { type: "string", default: "8" },
  },
});

const seed = Number(values.seed);
const numberOr = (usual: number) => Number(values.number ?? usual);
const tell = (line: string) => console.error(line);

/** Each study: true if all was as promised. */
const studies: Readonly<Record<string, (signal: AbortSignal) => Promise<boolean>>> = {
  async kills() {
    const result = await killDaemons(numberOr(100), seed, tell);
    console.log(JSON.stringify(result, null, 2));
    return result.counts.wrong.length === 0 && result.wrongTrees === 0;
  },
  async opens(signal) {
    const result = await openWhilePromoting(numberOr(10_000), seed, signal);
    console.log(JSON.stringify(result, null, 2));
    const { counts, readsAfterArrival, oldFileWorks, daemonLived, daemonEnded } = result;
    const isClean = counts.wrong.length === 0 && Object.keys(counts.errors).length === 0;
    return isClean && readsAfterArrival === 0 && oldFileWorks && daemonLived && daemonEnded;
  },
  async chunks() {
    const result = await readFromLossyOrigin(numberOr(100_000), Number(values.readers), seed);
    console.log(JSON.stringify(result, null, 2));
    const { counts, givenTwice } = result;
    return counts.wrong.length === 0 && Object.keys(counts.errors).length === 0 && givenTwice === 0;
  },
  async layers() {
    console.log(JSON.stringify(await readLayers(values.tree, numberOr(200), seed), null, 2));
    return true;
  },
  async power() {
    const result = await failPower(numberOr(30), seed, tell);
    console.log(JSON.stringify(result, null, 2));
    return result.wrong === 0 && result.lost === 0;
  },
};

await untilEnded(async (signal) => {
  const study = studies[positionals[0] ?? ""];
  if (study === undefined) {
    console.error(`name a study: ${Object.keys(studies).join(", ")}`);
    return 2;
  }
  return (await study(signal)) ? 0 : 1;
});

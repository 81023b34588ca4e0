// `npm run mutants [-- DRAWER… [--mutate GLOB]]`: changes the sources of the rooms without mounts, one small change at a time, and runs
// their tests: a change that no test notices lives. Prints the part that was killed, a line a drawer; .stryker/ has the changes that live.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root, setUp } from "./setup.mjs";

/** The sources of each drawer, and the tests that must notice: its own, and those of the drawers that it exists for. */
const drawers = {
  statistics: {
    mutate: ["reports/figures/{statistics,rank-tests}.ts"],
    tests: ["test/reports/figures/{statistics,rank-tests}.test.ts"],
  },
  figures: {
    mutate: ["reports/figures/*.ts", "!reports/figures/{statistics,rank-tests}.ts"],
    tests: ["test/reports/figures/*.test.ts"],
  },
  gate: { mutate: ["reports/gate/*.ts"], tests: ["test/reports/gate/*.test.ts"] },
  results: { mutate: ["results/**/*.ts"], tests: ["test/results/*.test.ts", "test/golden/golden.test.ts"] },
  workloads: { mutate: ["workloads/*.ts"], tests: ["test/workloads/*.test.ts"] },
  protocol: { mutate: ["filesystem/protocol/*.ts"], tests: ["test/filesystem/protocol/*.test.ts"] },
  prices: { mutate: ["reports/prices/*.ts"], tests: ["test/reports/prices/*.test.ts", "test/golden/golden.test.ts"] },
  model: { mutate: ["reports/model/*.ts"], tests: ["test/reports/model/*.test.ts"] },
  claims: { mutate: ["reports/claims/**/*.ts"], tests: ["test/reports/claims/*.test.ts", "test/golden/golden.test.ts"] },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { mutate: { type: "string" }, concurrency: { type: "string", default: "2" } },
});
const unknown = positionals.find((name) => !Object.hasOwn(drawers, name));
if (unknown !== undefined) {
  console.error(`invalid drawer "${unknown}": expected one of ${Object.keys(drawers).join(", ")}`);
  process.exit(2);
}
setUp();
const { Stryker } = await import("@stryker-mutator/core");
process.chdir(root);
const chosen = positionals.length > 0 ? positionals : Object.keys(drawers);

const killed = new Set(["Killed", "Timeout"]);
const lives = new Set(["Survived", "NoCoverage"]);
const totals = [];
for (const name of chosen) {
  const { mutate, tests } = drawers[name];
  // The test runner's processes read it: vitest.mutants.config.ts.
  process.env.MUTANTS_TESTS = JSON.stringify(tests);
  const results = await new Stryker({
    mutate: values.mutate === undefined ? [...mutate, "!**/index.ts"] : [values.mutate],
    concurrency: Number(values.concurrency),
    incrementalFile: join(".stryker", `${name}.incremental.json`),
    htmlReporter: { fileName: join(".stryker", `${name}.html`) },
    jsonReporter: { fileName: join(".stryker", `${name}.json`) },
  }).runMutationTest();
  const count = (statuses) => results.filter(({ status }) => statuses.has(status)).length;
  totals.push({ name, killed: count(killed), lives: count(lives), ignored: count(new Set(["Ignored"])) });
}
const sum = (key) => totals.reduce((total, row) => total + row[key], 0);
if (totals.length > 1) totals.push({ name: "all", killed: sum("killed"), lives: sum("lives"), ignored: sum("ignored") });
for (const { name, killed, lives, ignored } of totals) {
  const percent = ((100 * killed) / Math.max(1, killed + lives)).toFixed(1);
  console.log(`${name}: ${killed} of ${killed + lives} killed, ${percent} %; ${ignored} ignored`);
}

import { parseArgs } from "node:util";
import { mutants } from "./mutants.js";
import { Trial } from "./trial.js";

const { values } = parseArgs({
  options: {
    /** Only mutants of operations whose names match. */
    only: { type: "string", default: "" },
    /** Skips the run of the tests without a mutant. */
    unchecked: { type: "boolean", default: false },
  },
});

const chosen = mutants.filter(({ operation }) => new RegExp(`^(?:${values.only || ".*"})$`).test(operation));
const lived: string[] = [];

using trial = new Trial();
if (!values.unchecked) await trial.checkTests([...new Set(chosen.flatMap(({ tests }) => tests))]);
for (const mutant of chosen) {
  const outcome = await trial.try(mutant);
  const line = `${mutant.operation} ${mutant.file}: ${oneLine(mutant.find)} -> ${oneLine(mutant.replace) || "(nothing)"}`;
  console.log(`${outcome}  ${line}`);
  if (outcome === "lived") lived.push(line);
}
console.log(`\n${chosen.length - lived.length} of ${chosen.length} mutants killed`);
process.exitCode = lived.length === 0 ? 0 : 1;

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

import { parseArgs } from "node:util";
import { untilEnded } from "../until-ended.js";
import { printCosts } from "./costs.js";
import { printExactness } from "./exactness.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    blocks: { type: "string", default: "25" },
    seed: { type: "string", default: "1" },
    directory: { type: "string", default: "." },
    /** native, or fuse: through our own daemon. */
    backend: { type: "string", default: "native" },
    /** Instead of costs: a million reads of which everything is known, beside the counts of them. */
    exact: { type: "boolean", default: false },
    reads: { type: "string", default: "1000000" },
  },
});

const { backend, directory } = values;
if (positionals[0] === "requests") await import("../requests/main.js");
else if (values.exact) await untilEnded((signal) => printExactness(directory, Number(values.reads), signal));
else if (backend === "native" || backend === "fuse")
  await untilEnded((signal) =>
    printCosts({ directory, backend, blocks: Number(values.blocks), seed: Number(values.seed) }, signal),
  );
else {
  console.error(`invalid --backend "${backend}": expected native or fuse`);
  process.exitCode = 2;
}

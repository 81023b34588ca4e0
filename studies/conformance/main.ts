// Runs conformance programs that are built elsewhere, and everyday ones, on mounts in each mode, and on the bare source beside it.
// A test that fails on a mount and not on the bare source, and is not expected to, is a failure.
import { resolve } from "node:path";
import { isRoot } from "../../linux/libc/is-root.js";
import { untilEnded } from "../until-ended.js";
import { fsx } from "./fsx.js";
import { runOnMounts } from "./mounts/on-mounts.js";
import { inTurn, type Suite } from "./mounts/suite.js";
import { conformanceOptions } from "./options.js";
import { pjdfstest } from "./pjdfstest.js";
import { programs } from "./programs/programs.js";
import { runXfstests } from "./xfstests/xfstests.js";

await untilEnded(async (signal) => {
  const options = conformanceOptions();
  if (options === null) return 2;
  if (!isRoot()) {
    console.error("the conformance programs need root");
    return 3;
  }
  const ways = options.modes
    .split(",")
    .flatMap((mode) => options.transports.split(",").map((transport) => ({ mode, transport })));
  let isAsExpected = true;
  if (options.xfstests !== undefined) isAsExpected = await runXfstests(options.xfstests, options, ways, signal);
  const suites: Suite[] = [];
  if (options.pjdfstest !== undefined) suites.push(pjdfstest(options.pjdfstest, options.only));
  if (options.fsx !== undefined) suites.push(fsx(options.fsx, options.operations));
  if (options.programs !== undefined) suites.push(programs(resolve(options.programs)));
  if (suites.length > 0 && !(await runOnMounts(inTurn(suites), ways, signal))) isAsExpected = false;
  return isAsExpected ? 0 : 1;
});

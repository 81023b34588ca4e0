import { parseArgs } from "node:util";

const usage = `usage: npm run conformance -- --pjdfstest DIR | --fsx PROGRAM | --programs DIR | --xfstests DIR
  --pjdfstest DIR     a built pjdfstest: its folder, with tests/ and the program
  --fsx PROGRAM       fsx, of xfstests or LTP
  --operations N      number of operations that fsx does (default 100000)
  --programs DIR      git (a clone of the repository DIR, checkout, gc, fsck), make, SQLite, fio --verify
  --xfstests DIR      a built xfstests: its folder, with check
  --groups LIST       its generic tests to run (default "quick,rw,auto&metadata": in quick, in rw, in both auto and metadata)
  --tests LIST        these instead: generic/001,generic/002
  --part N/M          only every M-th of its tests, from the N-th on: parts can run side by side
  --time-limit N      seconds that each of its tests may take (default 240)
  --results FILE      file of its results: tests that are in it already are not run again
  --minutes N         begins no further test of it after that time
  --modes LIST        default daemon,passthrough
  --transports LIST   default device
  --only TEXT         pjdfstest: only files whose path has TEXT in it`;

function parse() {
  return parseArgs({
    options: {
      pjdfstest: { type: "string" },
      fsx: { type: "string" },
      operations: { type: "string", default: "100000" },
      programs: { type: "string" },
      xfstests: { type: "string" },
      groups: { type: "string", default: "quick,rw,auto&metadata" },
      tests: { type: "string" },
      part: { type: "string", default: "1/1" },
      "time-limit": { type: "string", default: "240" },
      results: { type: "string" },
      minutes: { type: "string", default: "10000" },
      modes: { type: "string", default: "daemon,passthrough" },
      transports: { type: "string", default: "device" },
      only: { type: "string", default: "" },
    },
  }).values;
}

export type ConformanceOptions = ReturnType<typeof parse>;

/** The options of the command line; null, with the usage on standard error, where they name no suite or can't be read. */
export function conformanceOptions(): ConformanceOptions | null {
  try {
    const options = parse();
    const { pjdfstest, fsx, programs, xfstests } = options;
    if ([pjdfstest, fsx, programs, xfstests].some((suite) => suite !== undefined)) return options;
  } catch (error) {
    console.error((error as Error).message);
  }
  console.error(usage);
  return null;
}

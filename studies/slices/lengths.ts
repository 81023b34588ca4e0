import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, standardDeviation } from "simple-statistics";
import { AS_FOUND } from "../../results/index.js";
import { builtInBackend } from "../../runners/backends/index.js";
import { makeTestFile, makeWorkspace } from "../../runners/files/index.js";
import { drawCores, jobContender, mountRound, place, type SliceReader, startSliceReader } from "../../runners/slices/index.js";
import { printTable } from "./tables.js";

/** Lengths of a slice, in ms. */
const LENGTHS_MS = [0.25, 0.5, 1, 2, 3, 5, 10, 20, 50];

/** Repeats of each length. */
const REPEATS = 12;

/** Time of one repeat, in ms. */
const REPEAT_MS = 500;

const FILE_BYTES = 2 ** 28;

/** One thing by itself, in slices of one length. */
interface Finding {
  /** Standard deviation of the ratio of one repeat. */
  readonly deviation: number;
  /** Time of an operation in the first quarter of a slice by that in the last. */
  readonly firstByLast: number;
}

async function take(reader: SliceReader, sliceMs: number): Promise<Finding> {
  const { operations, msPerTurn } = await reader.size(sliceMs);
  const ratios: number[] = [];
  const quarters: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const { contenders } = await reader.turns(Math.max(4, Math.round(REPEAT_MS / msPerTurn)), operations);
    const [one, other] = contenders as [(typeof contenders)[0], (typeof contenders)[0]];
    ratios.push(median(one.nsPerOperation.map((ns, turn) => ns! / other.nsPerOperation[turn]!)));
    for (const { quartersNs } of contenders) quarters.push(quartersNs[0] / quartersNs[1]);
  }
  return { deviation: standardDeviation(ratios.map(Math.log)), firstByLast: median(quarters) };
}

/**
 * Prints for slices of several lengths how far the ratio of one thing by itself spreads, and how much slower a slice begins than it
 * ends: the turn-taking shows in slices that are too short, the machine's noise in those that are too long.
 */
export async function printLengths(signal: AbortSignal): Promise<void> {
  await using workspace = await makeWorkspace(tmpdir());
  const source = join(workspace.source, "warm.dat");
  await makeTestFile(source, FILE_BYTES, { signal });
  const mounts = [1, 2].map((number) => ({
    backend: { ...builtInBackend("fuse"), name: `fuse-${number}` },
    readahead: AS_FOUND,
  }));
  await using mounted = await mountRound(
    [...mounts, { backend: builtInBackend("native"), readahead: AS_FOUND }],
    workspace,
    signal,
  );
  await using reader = await startSliceReader(signal);
  const served = [...mounted.byKey.values()].filter((mount) => typeof mount !== "string");
  const [one, other, native] = served as [(typeof served)[0], (typeof served)[0], (typeof served)[0]];
  const cores = drawCores(Math.random);
  const cases = [
    { name: "native by native again", pair: [native, native] },
    { name: "fuse by fuse, two mounts", pair: [one, other] },
  ];
  for (const { name, pair } of cases) {
    for (const placement of ["one-core", "scheduler"] as const) {
      using _place = place(placement, cores, reader.pid, [one.pids(), other.pids()]);
      const contenders = pair.map((mount) => jobContender(mount, { source: workspace.source, name: "warm.dat" }));
      const job = { operation: "read", pattern: "random", readers: 1, ioSizeBytes: 4096, cache: "warm" } as const;
      await reader.open({ ...job, fileSizeBytes: FILE_BYTES, windowBytes: 2 ** 17, seed: 1, contenders });
      const rows: string[][] = [];
      for (const sliceMs of LENGTHS_MS) {
        const { deviation, firstByLast } = await take(reader, sliceMs);
        rows.push([`${sliceMs}`, `${(deviation * 100).toFixed(2)} %`, firstByLast.toFixed(3)]);
      }
      const title = `${name}, 4 KiB random, warm, ${placement}: ${REPEATS} repeats of ${REPEAT_MS} ms each`;
      printTable(title, ["ms a slice", "deviation of a repeat's ratio", "first quarter by last"], rows);
    }
  }
}

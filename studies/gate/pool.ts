import { join } from "node:path";
import { execa } from "execa";
import { packageRoot } from "../../package-root.js";
import { type Run, readRun } from "../../results/index.js";

/** Blocks of one daemon under two names, `base` and `head`, beside native: runs are drawn from them. */
export interface Pool {
  readonly run: Run;
  /** The blocks in which every cell has a sample. */
  readonly blocks: readonly number[];
  /** The time of a block without its counted runs. */
  readonly secondsPerBlock: number;
}

const program = join(packageRoot(), "bin/fusemeter.js");

/** The daemon that is compared with itself. */
const DAEMON = `'${process.execPath}' '${program}' mount --transport device --mode daemon {source} {mountpoint}`;

/** Measures a pool of 30 blocks. Returns the directory of the result. */
export async function measurePool(out: string, signal: AbortSignal): Promise<string> {
  const daemons = ["--backend", `base=${DAEMON}`, "--backend", `head=${DAEMON}`];
  const blocks = ["--blocks", "30", "--counted-blocks", "30"];
  const words = ["run", "--profile", "ci", "--backends", "native", ...daemons, ...blocks, "--out", out];
  await execa(process.execPath, [program, ...words], { stdout: "ignore", stderr: "inherit", cancelSignal: signal });
  return out;
}

/**
 * Reads a pool from the directory of a result.
 *
 * @throws {FusemeterError} `UNREADABLE_RESULT`
 */
export async function readPool(directory: string): Promise<Pool> {
  const run = await readRun(directory);
  return { run, blocks: wholeBlocks(run), secondsPerBlock: secondsPerBlock(run) };
}

/** The blocks in which every cell has a sample that did not fail. */
function wholeBlocks({ cells }: Run): number[] {
  const good = cells.map(({ samples }) => samples.flatMap(({ block, ok }) => (ok ? [block] : [])));
  return [...new Set(good.flat())].filter((block) => good.every((blocks) => blocks.includes(block))).sort((a, b) => a - b);
}

/** Half of the time of a block of the pool: the counted runs, which a gate takes once, take the other half. */
function secondsPerBlock({ cells, request }: Run): number {
  const starts = cells.flatMap(({ samples }) => samples.map(({ startedAt }) => Date.parse(startedAt)));
  return (Math.max(...starts) - Math.min(...starts)) / 1000 / request.blocks / 2;
}

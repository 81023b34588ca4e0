import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "../../workloads/index.js";
import { type Daemon, Ground } from "./ground.js";
import { type ReadCounts, ReadingProcess, sumOf } from "./reading.js";

/** The result of killing a daemon again and again. */
export interface Kills {
  readonly kills: number;
  /** Trees that arrived whole in spite of it, and those of them that were not the source. */
  readonly trees: number;
  readonly wrongTrees: number;
  /** Chunks that were fetched again although they had been given before: those that were under way at a kill. */
  readonly fetchedAgain: number;
  readonly counts: ReadCounts;
}

/** 5 seconds to fetch all, and half a second of life as a mean: a tree sees about ten kills. */
const TREE = { files: 40, fileBytes: 800_000, chunkBytes: 65_536 };
const DELAY_MS = 40;
const LONGEST_LIFE_MS = 1000;
/** One in so many is killed at a moment from its start on, the others from its mount on. */
const KILLED_AT_START = 4;
const READERS = 4;

/** Lets trees arrive while the daemon is killed at random moments and started again, and processes read and compare all the time. */
export async function killDaemons(kills: number, seed: number, tell: (line: string) => void = () => {}): Promise<Kills> {
  const random = seededRandom(seed);
  using ground = new Ground(TREE, seed);
  const { mountpoint, source, folder } = ground;
  const readers = Array.from(
    { length: READERS },
    (_, index) => new ReadingProcess({ mountpoint, source, blockBytes: 8192, seed: seed + index, once: false }),
  );
  let [done, trees, wrongTrees, given] = [0, 0, 0, 0];
  let daemon: Daemon | null = null;
  try {
    for (; done < kills; trees++) {
      const store = join(folder, `store-${trees}`);
      for (;;) {
        daemon = ground.start(store, { delayMs: DELAY_MS, seed: seed + done });
        if (random() * KILLED_AT_START >= 1 && !(await daemon.isMounted())) throw new Error(`no mount: ${daemon.said}`);
        const complete = daemon.isComplete();
        const isWhole = await (done < kills ? Promise.race([complete, sleep(random() * LONGEST_LIFE_MS, false)]) : complete);
        if (isWhole) break;
        if (daemon.hasEnded) throw new Error(`the daemon has ended: ${daemon.said}`);
        await daemon.kill();
        done++;
      }
      given += ground.manifest.chunks.length;
      if (!isSource(ground)) wrongTrees++;
      tell(`${done} kills, ${trees + 1} trees`);
      daemon.process.kill("SIGTERM");
      await daemon.ended();
      ground.unmount();
    }
    const counts = sumOf(await Promise.all(readers.map((reader) => reader.stop())));
    const fetched = [...ground.fetches().values()].reduce((sum, counts) => sum + counts.given, 0);
    return { kills: done, trees, wrongTrees, fetchedAgain: fetched - given, counts };
  } finally {
    for (const reader of readers) reader.kill();
    if (daemon?.hasEnded === false) await daemon.kill();
  }
}

/** True if each file of the mount has the source's content. */
function isSource({ manifest, mountpoint, source }: Ground): boolean {
  return manifest.entries.every(
    ({ type, path }) => type !== "file" || readFileSync(join(mountpoint, path)).equals(readFileSync(join(source, path))),
  );
}

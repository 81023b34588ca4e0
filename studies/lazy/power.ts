import { closeSync, openSync, readFileSync, readSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Store } from "../../lazy/store/index.js";
import { seededRandom } from "../../workloads/index.js";
import { type Daemon, Ground } from "./ground.js";
import { LosableDisk, withCopy } from "./losable-disk.js";

/** The result of power failures. */
export interface PowerFailures {
  readonly failures: number;
  /** Failures before the store was made: it begins anew. */
  readonly beforeStore: number;
  /** Chunks that a store showed after a failure, of all failures together, and those whose content was wrong. */
  readonly shown: number;
  readonly wrong: number;
  /** Chunks that were acknowledged as synchronized before a failure, and those that were gone after it. */
  readonly acknowledged: number;
  readonly lost: number;
}

const TREE = { files: 20, fileBytes: 400_000, chunkBytes: 16_384 };
const DISK_BYTES = 96 * 2 ** 20;

/** Copies the image of a store's disk at random moments while a tree arrives, mounts each copy, and opens the store in it. */
export async function failPower(failures: number, seed: number, tell: (line: string) => void = () => {}): Promise<PowerFailures> {
  const random = seededRandom(seed);
  using ground = new Ground(TREE, seed);
  using disk = await LosableDisk.make(ground.folder, DISK_BYTES);
  const [copy, elsewhere] = [join(ground.folder, "copy"), join(ground.folder, "elsewhere")];
  const result = { failures, beforeStore: 0, shown: 0, wrong: 0, acknowledged: 0, lost: 0 };
  let daemon: Daemon | null = null;
  try {
    for (let done = 0, tree = 0; done < failures; tree++) {
      const name = `store-${tree}`;
      const store = join(disk.mountpoint, name);
      daemon = ground.start(store, { delayMs: 30 });
      let isWhole = false;
      const complete = daemon.isComplete().then((said) => {
        isWhole = said;
      });
      for (; done < failures && !isWhole; done++) {
        await Promise.race([complete, sleep(random() * 700)]);
        const known = acknowledgedIn(join(store, "journal"));
        disk.loseInto(copy);
        await withCopy(copy, elsewhere, async () => look(join(elsewhere, name), ground, known, result));
        tell(`${done + 1} power failures`);
      }
      daemon.process.kill("SIGTERM");
      await daemon.ended();
      ground.unmount();
      // Power may fail before there is a store.
      rmSync(store, { recursive: true, force: true });
    }
    return result;
  } finally {
    if (daemon?.hasEnded === false) await daemon.kill();
  }
}

/**
 * The numbers of the chunks that a journal says are on the disk, by its last statement but one: the last may be on its way. Read without
 * the store's own code.
 */
function acknowledgedIn(journal: string): number[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(journal);
  } catch {
    return [];
  }
  const arrived: number[] = [];
  let [last, lastButOne] = [0, 0];
  for (let at = 64; at + 16 <= bytes.length; at += 16) {
    const [kind, value] = [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)];
    if (kind === 1) arrived.push(value);
    else if (kind === 2) [last, lastButOne] = [value, last];
  }
  return arrived.slice(0, lastButOne);
}

async function look(
  path: string,
  { manifest, source }: Ground,
  known: readonly number[],
  result: { beforeStore: number; shown: number; wrong: number; acknowledged: number; lost: number },
): Promise<void> {
  const store = await Store.open(path, manifest);
  try {
    if (store.arrivedChunks === 0 && known.length === 0) result.beforeStore++;
    result.acknowledged += known.length;
    result.lost += known.filter((number) => !store.has(number)).length;
    for (const entry of manifest.entries) {
      if (entry.type !== "file") continue;
      const [made, original] = [openSync(join(store.tree, entry.path), "r"), openSync(join(source, entry.path), "r")];
      for (const { number, offset, size } of entry.chunks) {
        if (!store.has(number)) continue;
        result.shown++;
        const [found, expected] = [Buffer.alloc(size), Buffer.alloc(size)];
        readSync(made, found, 0, size, offset);
        readSync(original, expected, 0, size, offset);
        if (!found.equals(expected)) result.wrong++;
      }
      closeSync(made);
      closeSync(original);
    }
  } finally {
    await store.close();
  }
}

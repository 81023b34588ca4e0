import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readStatus } from "../../filesystem/index.js";
import { mountAt } from "../../linux/mounts/mountinfo.js";
import { fusemeter } from "../our-program.js";
import { Ground } from "./ground.js";
import { type ReadCounts, ReadingProcess, sumOf } from "./reading.js";

/** The result of opens while a mount is promoted. */
export interface Promotion {
  readonly counts: ReadCounts;
  /** READs at the daemon after all had arrived, by opens from then on, until the promotion. */
  readonly readsAfterArrival: number;
  /** The type of the filesystem at the mountpoint afterwards. */
  readonly typeAfter: string | null;
  /** True if a file that was open from before could be read after the promotion. */
  readonly oldFileWorks: boolean;
  /** True if the daemon lived while that file was open, and ended by itself when it was closed. */
  readonly daemonLived: boolean;
  readonly daemonEnded: boolean;
}

const TREE = { files: 40, fileBytes: 200_000, chunkBytes: 65_536 };
const READERS = 4;

/** Promotes a mount while processes open, read and compare, at least as often in all as is asked for. */
export async function openWhilePromoting(opens: number, seed: number, signal: AbortSignal): Promise<Promotion> {
  using ground = new Ground(TREE, seed);
  const { mountpoint, source, folder, manifest } = ground;
  const daemon = ground.start(join(folder, "store"), { delayMs: 5 });
  const readers: ReadingProcess[] = [];
  try {
    if (!(await daemon.isMounted())) throw new Error(`the daemon has ended: ${daemon.said}`);
    const start = (): void => {
      const reading = { mountpoint, source, blockBytes: 4096, seed: seed + readers.length, once: false };
      readers.push(new ReadingProcess(reading));
    };
    // One is there before all has arrived, the others open complete files alone.
    const path = manifest.entries.find(({ type }) => type === "file")!.path;
    const old = openSync(join(mountpoint, path), "r");
    await daemon.isComplete();
    const readsBefore = readStatus(mountpoint).requests.READ ?? 0;
    for (let index = 0; index < READERS; index++) start();
    const opensAtDaemon = () => readStatus(mountpoint).requests.OPEN ?? 0;
    while (opensAtDaemon() < opens / 2) await sleep(10);
    const readsAfterArrival = (readStatus(mountpoint).requests.READ ?? 0) - readsBefore;
    const { exitCode, stderr } = await fusemeter(["lazy", "promote", mountpoint], signal);
    if (exitCode !== 0) throw new Error(`no promotion: ${stderr}`);
    const counted: ReadCounts[] = [];
    // As long again, on the plain tree: its opens can't be counted from outside, and are far faster.
    await sleep(300);
    for (const reader of readers) counted.push(await reader.stop());
    while (sumOf(counted).opens < opens) {
      start();
      await sleep(200);
      counted.push(await readers.at(-1)!.stop());
    }
    const bytes = Buffer.alloc(4096);
    readSync(old, bytes, 0, 4096, 0);
    const oldFileWorks = bytes.equals(readFileSync(join(source, path)).subarray(0, 4096));
    await sleep(500);
    const daemonLived = !daemon.hasEnded;
    closeSync(old);
    await Promise.race([daemon.ended(), sleep(5000)]);
    const typeAfter = mountAt(mountpoint)?.type ?? null;
    return { counts: sumOf(counted), readsAfterArrival, typeAfter, oldFileWorks, daemonLived, daemonEnded: daemon.hasEnded };
  } finally {
    for (const reader of readers) reader.kill();
    if (!daemon.hasEnded) await daemon.kill();
  }
}

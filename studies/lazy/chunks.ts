import { join } from "node:path";
import { Ground } from "./ground.js";
import { peakKiBOf } from "./peak.js";
import { type ReadCounts, ReadingProcess, sumOf } from "./reading.js";

/** The result of many readers and a lossy origin. */
export interface Lossy {
  readonly chunks: number;
  readonly fetches: number;
  readonly lost: number;
  readonly wrong: number;
  /** Chunks that were given by the origin more than once. */
  readonly givenTwice: number;
  readonly counts: ReadCounts;
  /** The largest memory of the daemon, in KiB. */
  readonly peakKiB: number;
}

const CHUNK_BYTES = 4096;
const FILES = 100;

/** Has processes read a whole tree, each in an order of its own, while it arrives from an origin that loses and spoils chunks. */
export async function readFromLossyOrigin(chunks: number, readerCount: number, seed: number): Promise<Lossy> {
  const fileBytes = Math.ceil(chunks / FILES) * CHUNK_BYTES;
  using ground = new Ground({ files: FILES, fileBytes, chunkBytes: CHUNK_BYTES }, seed);
  const { mountpoint, source, folder, manifest } = ground;
  const daemon = ground.start(join(folder, "store"), { lost: 0.05, wrong: 0.01, seed }, ["--background-rate", "1MB"]);
  const readers: ReadingProcess[] = [];
  try {
    if (!(await daemon.isMounted())) throw new Error(`the daemon has ended: ${daemon.said}`);
    for (let index = 0; index < readerCount; index++) {
      readers.push(new ReadingProcess({ mountpoint, source, blockBytes: CHUNK_BYTES, seed: seed + index, once: true }));
    }
    const counts = sumOf(await Promise.all(readers.map((reader) => reader.counts())));
    await daemon.isComplete();
    const rows = [...ground.fetches().values()];
    const sum = (count: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + count(row), 0);
    return {
      chunks: manifest.chunks.length,
      fetches: sum(({ given, lost, wrong }) => given + lost + wrong),
      lost: sum(({ lost }) => lost),
      wrong: sum(({ wrong }) => wrong),
      givenTwice: rows.filter(({ given }) => given !== 1).length,
      counts,
      peakKiB: peakKiBOf(daemon.process.pid!),
    };
  } finally {
    for (const reader of readers) reader.kill();
    if (!daemon.hasEnded) await daemon.kill();
  }
}

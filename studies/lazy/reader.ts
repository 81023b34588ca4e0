// A process that reads a mount and compares each byte with the source: `node reader.js JSON`. It prints a ReadCounts when it ends.
import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { seededRandom } from "../../workloads/index.js";
import type { ReadCounts, Reading } from "./reading.js";

const reading = JSON.parse(process.argv[2]!) as Reading;
const { mountpoint, source, blockBytes } = reading;
const random = seededRandom(reading.seed);
const counts: { -readonly [Key in keyof ReadCounts]: ReadCounts[Key] } = { opens: 0, reads: 0, wrong: [], errors: {} };

const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((path) => statSync(join(source, path)).isFile())
  .map((path) => ({ path, fd: openSync(join(source, path), "r"), size: statSync(join(source, path)).size }));

const expected = Buffer.alloc(blockBytes);
const found = Buffer.alloc(blockBytes);

function compare(fd: number, { path, fd: sourceFd, size }: (typeof files)[number], offset: number): void {
  const length = Math.min(blockBytes, size - offset);
  const read = readSync(fd, found, 0, length, offset);
  counts.reads++;
  readSync(sourceFd, expected, 0, length, offset);
  if (read === length && expected.subarray(0, length).equals(found.subarray(0, length))) return;
  counts.wrong.push(`${path} at ${offset}: ${read} of ${length} bytes`);
}

function note(error: unknown): void {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  counts.errors[code] = (counts.errors[code] ?? 0) + 1;
}

/** Opens a random file and reads a random block of it. */
function readOne(): void {
  const file = files[Math.floor(random() * files.length)]!;
  const offset = Math.floor((random() * file.size) / blockBytes) * blockBytes;
  try {
    const fd = openSync(join(mountpoint, file.path), "r");
    counts.opens++;
    try {
      compare(fd, file, offset);
    } finally {
      // Of a dead mount it fails, too, and the descriptor is closed all the same.
      closeSync(fd);
    }
  } catch (error) {
    note(error);
  }
}

/** Reads every block once, in random order, by one open of each file. */
function readAll(): void {
  const blocks = files.flatMap((file) =>
    Array.from({ length: Math.ceil(file.size / blockBytes) }, (_, index) => ({ file, offset: index * blockBytes })),
  );
  for (let last = blocks.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [blocks[last], blocks[other]] = [blocks[other]!, blocks[last]!];
  }
  const open = new Map(files.map((file) => [file, openSync(join(mountpoint, file.path), "r")]));
  counts.opens += open.size;
  for (const { file, offset } of blocks) {
    try {
      compare(open.get(file)!, file, offset);
    } catch (error) {
      note(error);
    }
  }
}

function end(): void {
  process.stdout.write(`${JSON.stringify(counts)}\n`, () => process.exit(0));
}

if (reading.once) {
  readAll();
  end();
} else {
  process.on("SIGTERM", end);
  // In turns with the event loop, so that the signal is heard. A mount that is away is tried again a little later.
  const turn = () => {
    const before = counts.reads;
    for (let index = 0; index < 20; index++) readOne();
    setTimeout(turn, counts.reads === before ? 5 : 0);
  };
  turn();
}

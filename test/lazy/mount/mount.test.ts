import { execFileSync, spawn, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, readSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { readStatus } from "../../../filesystem/index.js";
import { lazyStatus, pastReads } from "../../../lazy/control/index.js";
import { Errno } from "../../../linux/libc/errno.js";
import { lseek } from "../../../linux/libc/files.js";
import { pythonAsSelf } from "../../filesystem/as-nobody.js";
import { canMount } from "../../filesystem/can-mount.js";
import { countCalls } from "../../filesystem/load.js";
import { chunksOf, describeTree } from "../content.js";
import { Random } from "../random.js";
import { scratch } from "../scratch.js";
import { plant } from "../trees.js";
import { LazyDaemon, LazyPlaces, type Serving } from "./lazy-daemon.js";
import { Reader } from "./reader.js";

const CHUNK = 65_536;
/** The chunks of `file`. */
const CHUNKS = 32;

let places: LazyPlaces;
let content: Buffer;

beforeEach(() => {
  const source = scratch();
  content = new Random(7).bytes(CHUNKS * CHUNK - 1234);
  writeFileSync(join(source, "file"), content);
  places = new LazyPlaces(scratch(), source, CHUNK);
});

async function start(serving: Serving = {}): Promise<LazyDaemon> {
  const daemon = await LazyDaemon.start(places, serving);
  onTestFinished(() => daemon[Symbol.asyncDispose]());
  return daemon;
}

const onlyReads = { gated: true, options: { backgroundRate: 0 } };
const file = () => join(places.mountpoint, "file");
const reads = () => readStatus(places.mountpoint).requests.READ ?? 0;
const part = (chunk: number, bytes = CHUNK) => content.subarray(chunk * CHUNK, chunk * CHUNK + bytes);

describe.skipIf(!canMount)("a lazy mount", () => {
  test("has a read wait for its own chunks alone", async () => {
    const daemon = await start(onlyReads);
    const reader = new Reader(file(), 5 * CHUNK, 100);
    await daemon.untilAsked(5);
    const status = await lazyStatus(places.store);
    expect(status?.waits).toMatchObject([{ path: "file", pid: reader.process.pid, command: "dd" }]);
    daemon.give(5);
    expect(await reader.result).toEqual({ bytes: part(5, 100), end: 0 });
    expect(daemon.asked).toEqual([5]);
    expect(await pastReads(places.store)).toMatchObject([{ path: "file", command: "dd", end: "arrived" }]);
  });

  test("joins equal reads", async () => {
    const daemon = await start(onlyReads);
    const readers = [1, 2, 3, 4].map(() => new Reader(file(), 9 * CHUNK, CHUNK));
    await daemon.untilAsked(9);
    for (;;) if ((await lazyStatus(places.store))!.waits.length === 4) break;
    daemon.give(9);
    for (const { result } of readers) expect(await result).toEqual({ bytes: part(9), end: 0 });
    expect(daemon.asked).toEqual([9]);
  });

  test("serves other reads and names while one waits", async () => {
    const daemon = await start(onlyReads);
    const waiting = new Reader(file(), 0, 10);
    await daemon.untilAsked(0);
    const other = new Reader(file(), 3 * CHUNK, 10);
    await daemon.untilAsked(3);
    daemon.give(3);
    expect((await other.result).bytes).toEqual(part(3, 10));
    expect(execFileSync("ls", [places.mountpoint], { encoding: "utf8" })).toBe("file\n");
    daemon.give(0);
    expect((await waiting.result).bytes).toEqual(part(0, 10));
  });

  test.each(["SIGINT", "SIGKILL"] as const)("lets %s end a reader that waits", async (signal) => {
    const daemon = await start(onlyReads);
    const reader = new Reader(file(), 0, 10);
    await daemon.untilAsked(0);
    reader.process.kill(signal);
    expect(await reader.result).toEqual({ bytes: Buffer.alloc(0), end: signal });
    expect((await lazyStatus(places.store))?.waits).toEqual([]);
  });

  test("fails a read with EIO after the time limit; asked again it works", async () => {
    const daemon = await start({ gated: true, options: { backgroundRate: 0, readTimeoutMs: 50 } });
    const script = `const fs = require("fs"); const fd = fs.openSync(process.argv[1]); const b = Buffer.alloc(10);
      try { fs.readSync(fd, b, 0, 10, 0); } catch (error) { console.log(error.code); }
      fs.readSync(0, Buffer.alloc(1));
      console.log(fs.readSync(fd, b, 0, 10, 0));`;
    const reader = spawn(process.execPath, ["-e", script, file()], { stdio: ["pipe", "pipe", "inherit"] });
    let text = "";
    reader.stdout.on("data", (data) => {
      text += data;
      if (text === "EIO\n") {
        daemon.give(0);
        void daemonHas(1).then(() => reader.stdin.end("x"));
      }
    });
    await new Promise((resolve) => reader.once("close", resolve));
    expect(text).toBe("EIO\n10\n");
    expect(daemon.asked).toEqual([0]);
  });

  async function daemonHas(chunks: number): Promise<void> {
    while ((await lazyStatus(places.store))!.arrivedChunks < chunks);
  }

  test("costs no READ for a file that is opened when it is complete, also beside an open from before", async () => {
    const daemon = await start({ gated: true, options: { backgroundRate: 0 } });
    const old = new Reader(file(), 0, 10);
    await daemon.untilAsked(0);
    daemon.give("all");
    await old.result;
    // One that was opened before the file is complete, and stays open.
    const early = openSync(file(), "r");
    expect((await new Reader(file(), 0, content.length).result).bytes.equals(content)).toBe(true);
    await daemon.complete();
    const before = reads();
    expect(readFileSync(file()).equals(content)).toBe(true);
    expect(reads()).toBe(before);
    const some = Buffer.alloc(100);
    readSync(early, some, 0, 100, CHUNK);
    expect(some).toEqual(part(1, 100));
    expect(reads()).toBe(before + 1);
    expect(readFileSync(file()).equals(content)).toBe(true);
    expect(reads()).toBe(before + 1);
    closeSync(early);
    expect((await lazyStatus(places.store))?.isSealed).toBe(true);
  });

  test("a complete file can be mapped and run; so can one that is arriving", async () => {
    writeFileSync(join(places.source, "program"), readFileSync("/bin/ls"), { mode: 0o755 });
    places = new LazyPlaces(scratch(), places.source, CHUNK);
    const daemon = await start({ delayMs: 1, options: { backgroundRate: 1 } });
    const run = () => spawnSync(join(places.mountpoint, "program"), [places.source], { encoding: "utf8" }).stdout;
    expect(run()).toBe("file\nprogram\n");
    expect((await lazyStatus(places.store))?.isSealed).toBe(false);
    expect(chunksOf(places.manifest, "program").length).toBeGreaterThan(1);
    daemon.give("all");
  });

  test("an arriving file can be mapped privately, and not shared, which would keep it from passthrough", async () => {
    const daemon = await start({ gated: true, options: { backgroundRate: 0 } });
    daemon.give("all");
    const script = `
fd = os.open(sys.argv[1], os.O_RDONLY)
try: mmap.mmap(fd, 0, mmap.MAP_SHARED, mmap.PROT_READ)
except OSError as error: print(error.errno)
print(mmap.mmap(fd, 0, mmap.MAP_PRIVATE, mmap.PROT_READ)[70000:70010].hex())`;
    const { status, output } = pythonAsSelf(script, file());
    expect({ status, output }).toEqual({ status: 0, output: `${Errno.ENODEV}\n${content.toString("hex", 70000, 70010)}\n` });
    expect(readFileSync(file()).equals(content)).toBe(true);
    await daemon.complete();
    expect(pythonAsSelf(script, file()).output).toBe(`${content.toString("hex", 70000, 70010)}\n`);
  });

  test("tells no holes of a file that is arriving, and no change of its times", async () => {
    const daemon = await start(onlyReads);
    const fd = openSync(file(), "r");
    const seekHole = 4;
    expect(lseek(fd, 0, seekHole)).toBe(content.length);
    const before = statSync(file(), { bigint: true });
    expect(Number(before.blocks) * 512).toBeGreaterThanOrEqual(content.length);
    expect(before.mtimeNs).toBe(statSync(join(places.source, "file"), { bigint: true }).mtimeNs);
    closeSync(fd);
    const copy = join(scratch(), "copy");
    daemon.give("all");
    execFileSync("cp", ["--sparse=always", file(), copy]);
    expect(readFileSync(copy).equals(content)).toBe(true);
    expect(statSync(file(), { bigint: true }).mtimeNs).toBe(before.mtimeNs);
  });

  test("is the source in every attribute, while it arrives and after", async () => {
    const source = scratch();
    plant(source, { smallFiles: 20 });
    places = new LazyPlaces(scratch(), source, CHUNK);
    const daemon = await start({ delayMs: 1 });
    expect(describeTree(places.mountpoint)).toEqual(describeTree(source));
    await daemon.complete();
    expect(describeTree(places.mountpoint)).toEqual(describeTree(source));
  });

  test("records what is read and fetches nothing else; the trace orders the next mount", async () => {
    const record = join(scratch(), "trace");
    const first = await start({ gated: true, options: { record } });
    const reader = new Reader(file(), 11 * CHUNK, 2 * CHUNK);
    await first.untilAsked(11);
    first.give("all");
    await reader.result;
    await new Reader(file(), 4 * CHUNK, 1).result;
    expect(first.asked).toEqual([11, 12, 4]);
    await first[Symbol.asyncDispose]();
    const lines = readFileSync(record, "utf8").trimEnd().split("\n").slice(1);
    expect(lines.map((line) => (JSON.parse(line) as { offset: number }).offset / CHUNK)).toEqual([11, 12, 4]);
    places = new LazyPlaces(scratch(), places.source, CHUNK);
    const second = await start({ gated: true, options: { prefetch: record, backgroundRate: 0 } });
    await second.untilAsked(4);
    expect(second.asked).toEqual([11, 12, 4]);
  });

  test("serves a store that is complete without its origin", async () => {
    const first = await start();
    await first.complete();
    await first[Symbol.asyncDispose]();
    mkdirSync(places.mountpoint);
    const second = await start({ gated: true });
    await second.complete();
    expect(readFileSync(file()).equals(content)).toBe(true);
    expect([second.asked, reads()]).toEqual([[], 0]);
  });

  test.skipIf(spawnSync("which", ["strace"]).status !== 0)("asks nobody about a range that has arrived", async () => {
    const daemon = await start(onlyReads);
    const reader = new Reader(file(), 0, 10);
    await daemon.untilAsked(0);
    daemon.give(0);
    await reader.result;
    const calls = await countCalls(daemon, () => {
      const fd = openSync(file(), "r");
      for (let index = 0; index < 500; index++) readSync(fd, Buffer.alloc(64), 0, 64, index);
      closeSync(fd);
    });
    expect(calls("pread64")).toBeGreaterThanOrEqual(500);
    for (const name of ["read", "write"]) expect(calls(name)).toBeLessThan(530);
    expect(calls("futex")).toBeLessThan(100);
  });

  test("can't be written", async () => {
    await start();
    expect(() => writeFileSync(file(), "x")).toThrow("EROFS");
    expect(() => mkdirSync(join(places.mountpoint, "new"))).toThrow("EROFS");
  });

  test("takes the place of a mount whose daemon was killed, and goes on", async () => {
    const first = await start({ gated: true });
    const reader = new Reader(file(), 20 * CHUNK, 10);
    await first.untilAsked(20);
    first.give(20);
    await reader.result;
    await first.kill();
    expect(() => readFileSync(file())).toThrow("ENOTCONN");
    const second = await start({ gated: true });
    expect(second.events.find((event) => "mounted" in event)).toMatchObject({ arrived: 1 });
    second.give("all");
    await second.complete();
    expect(second.asked).not.toContain(20);
    expect(readFileSync(file()).equals(content)).toBe(true);
  });

  test("can be a lower layer of overlayfs while it arrives", async () => {
    const daemon = await start({ gated: true, options: { backgroundRate: 0 } });
    const base = scratch();
    const [upper, work, merged] = ["upper", "work", "merged"].map((name) => join(base, name));
    for (const directory of [upper!, work!, merged!]) mkdirSync(directory);
    const layers = `lowerdir=${places.mountpoint},upperdir=${upper},workdir=${work}`;
    execFileSync("mount", ["-t", "overlay", "overlay", "-o", layers, merged!]);
    try {
      const reader = new Reader(join(merged!, "file"), 6 * CHUNK, 10);
      await daemon.untilAsked(6);
      daemon.give("all");
      expect((await reader.result).bytes).toEqual(part(6, 10));
      expect((await new Reader(join(merged!, "file"), 0, content.length).result).bytes.equals(content)).toBe(true);
    } finally {
      execFileSync("umount", [merged!]);
    }
  });
});

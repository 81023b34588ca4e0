import { execFileSync, spawnSync } from "node:child_process";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { availableParallelism, release } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canMount } from "../can-mount.js";
import { type Daemon, isMounted, runProgram, startDaemon, temporaryDirectory } from "../daemon.js";
import { countCalls, fio } from "../load.js";
import { offerRings, transports } from "../transports.js";

offerRings();

const canUseRings = canMount && transports.includes("io-uring");
const overRings = ["--mode", "daemon", "--transport", "io-uring"];
const source = temporaryDirectory();
const pattern = (length: number) => Buffer.alloc(length).map((_, index) => (index * 7) % 251);
afterAll(() => rmSync(source, { recursive: true }));

/** Waits for a command, with a limit against a hang. */
const within = { timeout: 30_000 };

describe.skipIf(!canUseRings)("over io_uring", () => {
  let daemon: Daemon;
  beforeAll(async () => {
    daemon = await startDaemon(overRings, source);
  });
  afterAll(async () => daemon[Symbol.asyncDispose]());
  const at = (name: string) => join(daemon.mountpoint, name);
  const below = (name: string) => join(source, name);

  test.each([0, 1, 4095, 4096, 4097, 131071, 131072, 131073, 3_000_001])("a file of %i bytes is read to its end", (length) => {
    writeFileSync(below(`length-${length}`), pattern(length));
    expect(readFileSync(at(`length-${length}`)).equals(pattern(length))).toBe(true);
  });

  test.each([1, 7, 8, 9, 4095, 4096, 4097, 131073, 1_048_577])("a write of %i bytes arrives whole", (length) => {
    writeFileSync(below("written"), Buffer.alloc(5));
    const fd = openSync(at("written"), "r+");
    expect(writeSync(fd, pattern(length), 0, length, 3)).toBe(length);
    closeSync(fd);
    expect(readFileSync(below("written")).subarray(0, length + 3)).toEqual(Buffer.concat([Buffer.alloc(3), pattern(length)]));
  });

  test("a file that shrinks under an open descriptor reads as far as it goes", () => {
    writeFileSync(below("shrinks"), pattern(1 << 20));
    const fd = openSync(at("shrinks"), "r");
    truncateSync(below("shrinks"), 5000);
    const buffer = Buffer.alloc(1 << 20);
    expect(readSync(fd, buffer, 0, buffer.length, 4096)).toBe(5000 - 4096);
    expect(buffer.subarray(0, 904).equals(pattern(5000).subarray(4096))).toBe(true);
    closeSync(fd);
  });

  test("what is not in the page cache is waited for inside the ring", () => {
    writeFileSync(below("cold"), pattern(8 << 20));
    const fd = openSync(below("cold"), "r+");
    fsyncSync(fd);
    closeSync(fd);
    // Drops this file's pages from the cache, and nobody else's.
    execFileSync("dd", [`if=${below("cold")}`, "iflag=nocache", "count=0"], { stdio: "ignore" });
    expect(readFileSync(at("cold")).equals(pattern(8 << 20))).toBe(true);
  });

  test("a directory is not read as a file", () => {
    mkdirSync(at("directory"));
    expect(() => readFileSync(at("directory"))).toThrow("EISDIR");
  });

  test("a full disk is ENOSPC, and what fitted is there", async () => {
    const small = temporaryDirectory();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", small]);
    try {
      await using full = await startDaemon(overRings, small);
      const fd = openSync(join(full.mountpoint, "file"), "w");
      const written = writeSync(fd, pattern(1 << 17));
      expect(written).toBeLessThanOrEqual(1 << 16);
      expect(() => writeSync(fd, pattern(1 << 17))).toThrow("ENOSPC");
      closeSync(fd);
      expect(readFileSync(join(small, "file")).subarray(0, written).equals(pattern(written))).toBe(true);
    } finally {
      execFileSync("umount", [small]);
      rmSync(small, { recursive: true });
    }
  });
});

/** Processes that wait for a disk, as the kernel counts them (proc_stat(5)). */
const blocked = () => Number(/^procs_blocked (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1]);
const [major = 0, minor = 0] = release().split(".").map(Number);

// Before Linux 6.15 a thread that waits for its ring can't say that it waits for no disk.
test.skipIf(!canUseRings || major * 1000 + minor < 6015)(
  "the threads of an idle mount do not count as waiting for a disk",
  async () => {
    await using _daemon = await startDaemon(overRings, source);
    await expect.poll(blocked).toBe(0);
  },
);

/** The number of a process's threads that are pinned to one core. */
const keptThreads = (pid: number) =>
  readdirSync(`/proc/${pid}/task`).filter((thread) =>
    /^Cpus_allowed_list:\t\d+$/m.test(readFileSync(`/proc/${pid}/task/${thread}/status`, "utf8")),
  ).length;

test.skipIf(!canUseRings || availableParallelism() < 2)(
  "a ring's thread leaves its core for a stream, and comes back",
  async () => {
    writeFileSync(join(source, "stream"), pattern(8 << 20));
    await using daemon = await startDaemon(overRings, source);
    const readOnFirstCore = (...words: string[]) =>
      execFileSync("taskset", [
        "-c",
        "0",
        "dd",
        `if=${join(daemon.mountpoint, "stream")}`,
        "of=/dev/null",
        "status=none",
        ...words,
      ]);
    const pid = daemon.process.pid!;
    const kept = keptThreads(pid);
    readOnFirstCore("bs=1M");
    expect(keptThreads(pid)).toBe(kept - 1);
    readOnFirstCore("bs=4k", "iflag=direct", "count=64");
    expect(keptThreads(pid)).toBe(kept);
  },
);

describe.skipIf(!canUseRings)("locks over io_uring", () => {
  const wait = async (callers: number, words: readonly string[]) => {
    await using daemon = await startDaemon([...overRings, ...words], source);
    const file = join(daemon.mountpoint, "locked");
    writeFileSync(file, "");
    const waiters = Array.from({ length: callers }, () => `{ flock ${file} echo got || echo refused; } &`).join(" ");
    const script = `flock ${file} sleep 1 & sleep 0.3; ${waiters} wait`;
    const { stdout } = spawnSync("sh", ["-c", script], { encoding: "utf8", ...within });
    return stdout.trim().split("\n");
  };

  test("60 callers wait for one lock, and each gets it", async () => {
    expect(await wait(60, [])).toEqual(new Array(60).fill("got"));
  });

  test("more callers than a core's queue has entries are refused, not stuck", async () => {
    const answers = await wait(30, ["--queue-depth", "2"]);
    expect(answers).toHaveLength(30);
    expect(answers).toContain("got");
    expect(answers).toContain("refused");
  });
});

const hasFio = spawnSync("which", ["fio"]).status === 0;
const hasStrace = spawnSync("which", ["strace"]).status === 0;

describe.skipIf(!canUseRings || !(process.env.CI === "true" || (hasFio && hasStrace)))("over io_uring, under load", () => {
  beforeAll(() => {
    writeFileSync(join(source, "file"), Buffer.alloc(64 << 20, 1));
  });

  const FILE_BYTES = 64 << 20;
  const CALLS = 1024;

  test.each([
    ["read", "randread"],
    ["write", "randwrite"],
  ])("a 4 KiB %s costs one system call of the daemon", async (_, rw) => {
    await using daemon = await startDaemon(overRings, source);
    const calls = await countCalls(daemon, () =>
      fio(join(daemon.mountpoint, "file"), [`--rw=${rw}`, "--bs=4k", `--size=${FILE_BYTES}`, `--io_size=${CALLS * 4096}`]),
    );
    for (const name of ["read", "write", "pread64", "pwrite64", "writev"]) expect(calls(name), name).toBeLessThan(CALLS * 0.05);
    expect(calls("io_uring_enter")).toBeGreaterThanOrEqual(CALLS);
    expect(calls("io_uring_enter")).toBeLessThan(CALLS * 1.05);
  });

  test("32 threads at once share system calls", async () => {
    await using daemon = await startDaemon(overRings, source);
    const words = ["--rw=randread", "--bs=4k", `--size=${FILE_BYTES}`, "--io_size=1m", "--numjobs=32", "--thread"];
    const calls = await countCalls(daemon, () => fio(join(daemon.mountpoint, "file"), words));
    expect(calls("io_uring_enter")).toBeLessThan((32 * 256) / 2);
  });

  test.each(["1", "64"])("8 writers' checksums are right at queue depth %s", async (depth) => {
    await using daemon = await startDaemon([...overRings, "--queue-depth", depth], source);
    const words = ["--rw=randwrite", "--bsrange=512-128k", "--size=2m", "--offset_increment=2m", "--numjobs=8"];
    fio(join(daemon.mountpoint, "verified"), [...words, "--verify=crc32c", "--verify_state_save=0", "--do_verify=1"]);
  });
});

describe.skipIf(!canMount)("fusemeter mount refuses, with one clear line and exit 2", () => {
  test.each([
    ["a queue without a place", ["--queue-depth", "0"], /invalid queue depth 0: expected a whole number from 1 to 1024/],
    [
      "a transport that there is not",
      ["--transport", "pigeon"],
      /invalid --transport "pigeon": expected one of auto, device, io-uring/,
    ],
  ])("%s", async (_, words, line) => {
    const mountpoint = temporaryDirectory();
    const { code, errors } = await runProgram(["mount", source, mountpoint, ...words]);
    expect(errors).toMatch(line);
    expect(code).toBe(2);
    expect(isMounted(mountpoint)).toBe(false);
    rmSync(mountpoint, { recursive: true });
  });
});

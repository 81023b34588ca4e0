import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { makeTestFile } from "../../../../runners/files/test-data.js";
import { type FioJob, fioVersion, runFio } from "../../../../runners/loads/fio/index.js";

const folder = mkdtempSync(join(tmpdir(), "fusemeter-test-fio-"));
const file = join(folder, "data:1");
const sizeBytes = 4 * 1024 * 1024;
const job: FioJob = {
  name: "job",
  filenames: [file],
  rw: "randread",
  blockSizeBytes: 4096,
  sizeBytes,
  ioBytes: 1024 * 1024,
  randomSeed: 1,
};

/** A place for temporary files that no other program uses. */
const temporary = join(folder, "tmp");
const leftovers = () => readdirSync(temporary);

beforeAll(async () => {
  mkdirSync(temporary);
  vi.stubEnv("TMPDIR", temporary);
  await makeTestFile(file, sizeBytes);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test("the installed fio has a version", async () => {
  expect(await fioVersion()).toMatch(/^fio-3\.\d+/);
});

test.each<[string, Partial<FioJob>, number]>([
  ["one process", {}, 256],
  ["four processes", { numjobs: 4 }, 1024],
  ["four threads", { numjobs: 4, thread: true }, 1024],
  ["sequential", { rw: "read", blockSizeBytes: 131072, ioBytes: sizeBytes }, 32],
  ["one I/O", { ioBytes: 4096 }, 1],
])("%s: exactly the I/Os asked for", async (_, change, ios) => {
  const result = await runFio({ ...job, ...change });
  expect(result).toMatchObject({ ios, bytes: ios * (change.blockSizeBytes ?? 4096) });
  const { p50, p95, p99, p999, max, mean } = result.latencyNs;
  expect([p50, p95, p99, p999]).toEqual([p50, p95, p99, p999].sort((a, b) => a - b));
  expect(p50).toBeGreaterThan(0);
  expect(mean).toBeLessThanOrEqual(max);
  expect(leftovers()).toEqual([]);
});

test("progress grows towards 1", async () => {
  const seen: number[] = [];
  // 40 reads of a thousandth of the file, ten a second.
  const slow = { ...job, ioBytes: 40 * 4096, options: { rate_iops: 10 } };
  await runFio(slow, { onProgress: (fraction) => seen.push(fraction) });
  expect(seen.length).toBeGreaterThan(0);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.every((fraction) => fraction > 0 && fraction <= 1)).toBe(true);
});

test("a missing file is reported in fio's own words, and not created", async () => {
  const missing = join(folder, "missing");
  await expect(runFio({ ...job, filenames: [missing] })).rejects.toThrow(/fio ended with 1: fio: .*(extend|creat)/);
  expect(existsSync(missing)).toBe(false);
});

test("an unknown engine is reported in fio's own words", async () => {
  await expect(runFio({ ...job, ioengine: "teleport" })).rejects.toMatchObject({ code: "FIO_FAILED", fault: "host" });
});

test("no fio: the command that installs it", async () => {
  const path = process.env.PATH;
  const empty = mkdtempSync(join(tmpdir(), "fusemeter-test-path-"));
  // Everything but fio: the shell must still be found.
  symlinkSync("/bin/sh", join(empty, "sh"));
  process.env.PATH = empty;
  try {
    await expect(runFio(job)).rejects.toMatchObject({
      code: "NO_FIO",
      remedy: expect.stringContaining("apt-get install -y fio"),
    });
  } finally {
    process.env.PATH = path;
    rmSync(empty, { recursive: true });
  }
});

test("aborting ends fio and its processes, and leaves nothing", async () => {
  const controller = new AbortController();
  let pid = 0;
  const running = runFio(
    { ...job, numjobs: 2, options: { rate_iops: 1 } },
    {
      signal: controller.signal,
      beforeExec: (started) => {
        pid = started;
      },
    },
  );
  setTimeout(() => controller.abort(new Error("stop")), 1000);
  await expect(running).rejects.toThrow("stop");
  expect(readdirSync("/proc")).not.toContain(String(pid));
  expect(leftovers()).toEqual([]);
});

test("a file that is too short fails the job", async () => {
  const short = join(folder, "short");
  await makeTestFile(short, sizeBytes);
  truncateSync(short, 8192);
  await expect(runFio({ ...job, filenames: [short] })).rejects.toMatchObject({ code: "FIO_FAILED" });
  rmSync(short);
});

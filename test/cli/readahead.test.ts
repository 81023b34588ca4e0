import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRun } from "../../results/store.js";
import { LoopDevice } from "../../studies/kills/loop-device.js";
import { canMount } from "../filesystem/can-mount.js";
import { mountsBelow, processesNaming, program } from "../machine.js";

let device: LoopDevice;
let disk: string;
let folder: string;

const window = () => readFileSync(device.knob, "utf8").trim();

function readahead(args: readonly string[]) {
  return execa(process.execPath, [program, "readahead", ...args], { reject: false, env: { TMPDIR: folder } });
}

/** Waits until a run has changed the window. */
async function untilChanged(before: string, run: ReturnType<typeof readahead>): Promise<void> {
  let hasEnded = false;
  void run.then(() => {
    hasEnded = true;
  });
  while (window() === before && !hasEnded) await sleep(1);
}

describe("bad use of readahead", () => {
  test.each([
    [["--windows", "huge"], 'invalid --windows "huge": expected a number'],
    [["--windows", "5KB"], "multiples of 4KB"],
    [["--knobs", "luck"], "mount, device, both"],
    [["--profile", "slow"], "quick, full"],
    [["--usd-per-core-hour", "free"], "above 0"],
    [["--watts-per-core", "-1"], "above 0"],
    [["--backends", "fuze"], "fuze"],
  ])("%j: exit 2, and a line that says %j", async (args, words) => {
    const { stderr, stdout, exitCode } = await readahead(args);
    expect(stderr).toContain(words);
    expect(exitCode).toBe(2);
    expect(stdout).toBe("");
  });
});

describe.skipIf(!canMount)("readahead", () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "fusemeter-readahead-"));
    device = new LoopDevice(256 * 2 ** 20);
    disk = device.mount();
  });
  afterAll(() => {
    device[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const small = ["--blocks", "1", "--seed", "3", "--usd-per-core-hour", "0.05", "--watts-per-core", "4", "--json"];

  test("the window off against 128 KiB: 32.0 times the requests, and a report", async () => {
    const out = join(folder, "price");
    const reads = ["--backends", "fuse", "--caches", "warm", "--knobs", "mount", "--windows", "off,128KB"];
    const { stdout, stderr, exitCode } = await readahead([...small, ...reads, "--out", out, "--file-size", "64MB"]);
    expect(stderr).not.toContain("failed");
    expect(exitCode).toBe(0);
    const { windows, prices } = JSON.parse(stdout);
    const requests = (name: string) =>
      windows.find((row: Record<string, unknown>) => row.readahead === name).read_requests_per_gib;
    const amplification = requests("mount off") / requests("mount 128 KiB");
    expect(Math.abs(amplification / 32 - 1), `${amplification} is to be 32`).toBeLessThan(0.01);
    expect(prices).toHaveLength(1);
    const [price] = prices;
    expect(price.read_requests_per_gib).toBe(requests("mount off") - requests("as found"));
    expect(price.usd_per_gib).toBeCloseTo((price.cpu_seconds_per_gib / 3600) * 0.05, 12);
    expect(price.joules_per_gib).toBeCloseTo(price.cpu_seconds_per_gib * 4, 12);
    const { cells } = await readRun(out);
    expect(cells.map(({ readahead, readaheadKiB }) => [readahead!.mountKiB, readaheadKiB]).sort()).toEqual([
      [null, 128],
      [0, 0],
      [128, 128],
    ]);
    expect(readdirSync(out)).toEqual(expect.arrayContaining(["report.html", "report.md", "windows.csv", "prices.csv"]));
    expect(readdirSync(join(out, "charts"))).toContain("requests-by-mount-window-seq-rd-1th-1f-4KiB-warm.png");
    const again = await execa(process.execPath, [program, "report", out, "--json"]);
    expect(JSON.parse(again.stdout).windows).toEqual(windows);
    // As counted, of 16,384 requests: a few more or fewer than those of the workload move the mean by bytes.
    const { mean_request_bytes } = windows.find((row: Record<string, unknown>) => row.readahead === "mount off");
    expect(Math.abs(mean_request_bytes / 4096 - 1), `${mean_request_bytes} is to be 4096`).toBeLessThan(0.01);
  });

  test("the device's window is set for the samples that ask for it, and put back", async () => {
    const before = window();
    const out = join(folder, "device");
    const reads = ["--backends", "native", "--caches", "cold", "--knobs", "device", "--windows", "off"];
    const { exitCode } = await readahead([...small, ...reads, "--out", out, "--directory", disk, "--file-size", "4MB"]);
    expect(exitCode).toBe(0);
    expect(window()).toBe(before);
    const { cells } = await readRun(out);
    const seen = cells
      .filter(({ backend }) => backend === "native")
      .map((cell) => [cell.readahead!.deviceKiB, cell.deviceReadaheadKiB]);
    expect(seen.sort()).toEqual([
      [null, Number(before)],
      [0, 0],
    ]);
  });

  test("killed at 6 random moments: the next command puts the device's window back", async () => {
    const before = window();
    const args = ["--directory", disk, "--file-size", "4MB", "--blocks", "500", "--backends", "native", "--caches", "cold"];
    let found = 0;
    for (let round = 0; round < 6; round++) {
      const out = join(folder, `killed-${round}`);
      const run = readahead([...args, "--knobs", "device", "--windows", "off,4KB,16KB,32KB", "--out", out]);
      // The moments are spread over what a run does: from its first change of the window on.
      await untilChanged(before, run);
      await sleep(Math.random() * 400);
      run.kill("SIGKILL");
      await run;
      if (window() !== before) found++;
      const next = await execa(process.execPath, [program, "report", out, "--format", "table"], { reject: false });
      expect(window(), `round ${round}: ${next.stderr}`).toBe(before);
      expect(processesNaming(disk), `round ${round}: ${next.stderr}`).toEqual([]);
      expect(mountsBelow(disk)).toEqual([disk]);
      expect(readdirSync(disk)).toEqual(["lost+found"]);
    }
    expect(found, "some kills must have hit while it was changed").toBeGreaterThan(0);
  }, 300_000);

  test.each(["SIGINT", "SIGTERM"] as const)("%s puts the device's window back before the program ends", async (signal) => {
    const before = window();
    const args = ["--directory", disk, "--file-size", "4MB", "--blocks", "500", "--backends", "native", "--caches", "cold"];
    const run = readahead([...args, "--knobs", "device", "--windows", "off,4KB", "--out", join(folder, signal)]);
    await untilChanged(before, run);
    run.kill(signal);
    expect((await run).exitCode).toBe(signal === "SIGINT" ? 130 : 143);
    expect(window()).toBe(before);
  });
});

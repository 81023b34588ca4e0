import { execFileSync, spawn, spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { canMount } from "../can-mount.js";
import { directoryOfTest, isMounted, startDaemon, temporaryDirectory } from "../daemon.js";
import { offerRings, transports } from "../transports.js";

offerRings();

const source = temporaryDirectory();
afterAll(() => rmSync(source, { recursive: true }));

const canLoad = process.env.CI === "true" || spawnSync("which", ["fio"]).status === 0;

/** Waits for a command, with a limit against a hang. */
const within = { timeout: 60_000 };

describe.skipIf(!canMount).each(transports)("over %s", (transport) => {
  test.skipIf(!canLoad)("SIGKILL of the daemon under load fails its callers and leaves nothing", async () => {
    writeFileSync(join(source, "file"), Buffer.alloc(64 << 20, 1));
    const daemon = await startDaemon(["--mode", "daemon", "--transport", transport], source);
    const words = [
      "--ioengine=psync",
      "--size=64m",
      "--invalidate=0",
      "--fadvise_hint=0",
      "--rw=randrw",
      "--bs=4k",
      "--numjobs=8",
    ];
    const load = spawn("fio", [
      "--name=load",
      `--filename=${join(daemon.mountpoint, "file")}`,
      ...words,
      "--time_based",
      "--runtime=20",
    ]);
    const loadEnd = new Promise<number | null>((resolve) => load.on("exit", (code) => resolve(code)));
    await sleep(1000);
    daemon.process.kill("SIGKILL");
    await daemon.ended();
    expect(await loadEnd).not.toBe(0);
    execFileSync("umount", [daemon.mountpoint], within);
    expect(isMounted(daemon.mountpoint)).toBe(false);
    await daemon[Symbol.asyncDispose]();
  });

  test("mounted 40 times in one process, no descriptor and no thread is left", () => {
    const mountpoint = temporaryDirectory();
    const script = join(directoryOfTest(), "mounts.mjs");
    writeFileSync(
      script,
      `import { mount } from ${JSON.stringify(join(import.meta.dirname, "../../../dist/filesystem/index.js"))};
      import { readdirSync, readFileSync } from "node:fs";
      const nameOf = (task) => readFileSync("/proc/self/task/" + task + "/comm", "utf8");
      // The kernel's own threads for a ring's thread are not ours: it may keep one or not.
      const tasks = () => readdirSync("/proc/self/task").filter((task) => !nameOf(task).startsWith("iou-"));
      const count = () => [readdirSync("/proc/self/fd").length, tasks().length];
      let first;
      for (let round = 0; round < 40; round++) {
        const mounted = await mount(${JSON.stringify(source)}, ${JSON.stringify(mountpoint)}, { transport: "${transport}", mode: "daemon" });
        await mounted.unmount();
        first ??= count();
      }
      console.log(JSON.stringify(count().map((now, index) => now - first[index])));`,
    );
    const [descriptors, threads] = JSON.parse(execFileSync(process.execPath, [script], { encoding: "utf8", ...within }));
    // Node's own come with the first mount, and V8 ends some of them.
    expect(descriptors).toBeLessThanOrEqual(1);
    expect(threads).toBeLessThanOrEqual(0);
    rmSync(dirname(script), { recursive: true });
    rmSync(mountpoint, { recursive: true });
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { builtInBackend } from "../../../runners/backends/backend.js";
import { makeTestFile } from "../../../runners/files/test-data.js";
import { makeWorkspace } from "../../../runners/files/workspace.js";
import type { RunnableLoad } from "../../../runners/loads/runnable-load.js";
import { startStopped } from "../../../runners/processes/stopped-process.js";
import { measure } from "../../../runners/run/measure.js";

const folder = mkdtempSync(join(tmpdir(), "fusemeter-test-measure-"));
afterAll(() => rmSync(folder, { recursive: true }));

const BLOCKS = 64;

/** A load of another kind than fio's: dd(1) reads a file block by block. */
function ddLoad(blocks: number, claimed = blocks): RunnableLoad {
  return {
    operations: claimed,
    startup: null,
    inPasses: null,
    files: [{ name: "blocks", bytes: BLOCKS * 4096 }],
    readsData: true,
    counted: "tree",
    limitMs: 60_000,
    prepare: (tree, signal, onFraction) => makeTestFile(join(tree, "blocks"), BLOCKS * 4096, { signal, onFraction }),
    async run(tree, { beforeExec }) {
      await using dd = await startStopped(["dd", `if=${join(tree, "blocks")}`, "of=/dev/null", "bs=4096", `count=${blocks}`]);
      beforeExec(dd.pid);
      dd.resume();
      const { exitCode, stderr } = await dd.ended;
      if (exitCode !== 0) throw new Error(stderr);
      const ns = 1000;
      const latencyNs = { mean: ns, p50: ns, p95: ns, p99: ns, p999: ns, max: ns };
      return { operations: blocks, bytes: blocks * 4096, seconds: (blocks * ns) / 1e9, latencyNs, ownFigures: null };
    },
  };
}

async function measured(load: RunnableLoad, counters: "timed" | "counted") {
  await using workspace = await makeWorkspace(folder);
  const { signal } = new AbortController();
  await load.prepare(workspace.source, signal, () => {});
  return await measure({
    backend: builtInBackend("native"),
    load,
    cache: "warm",
    counters,
    workspace,
    signal,
    onFraction: () => {},
  });
}

describe.skipIf(process.getuid?.() !== 0 && !process.env.CI)("a load of another kind", () => {
  test("is counted as fio is: each read of dd, more for more blocks", async () => {
    const [few, all] = [await measured(ddLoad(8), "counted"), await measured(ddLoad(BLOCKS), "counted")];
    const reads = ({ figures }: typeof all) => figures.syscallsByName.application!.read!;
    expect(reads(all) - reads(few)).toBe(BLOCKS - 8);
    expect(all.outcome).toMatchObject({ operations: BLOCKS, bytes: BLOCKS * 4096 });
    expect(all.figures.requests).toBeNull();
    expect(all.figures.syscalls.daemon).toBeNull();
  });

  test("has switches and CPU time in a timed run, and no counts that would slow it", async () => {
    const { figures } = await measured(ddLoad(BLOCKS), "timed");
    expect(figures.cpuSeconds.application).toBeGreaterThan(0);
    expect(figures.syscalls.application).toBeNull();
    expect(figures.systemContextSwitches).toBeGreaterThan(0);
  });

  test("that does less than it says has failed", async () => {
    await expect(measured(ddLoad(8, 9), "timed")).rejects.toMatchObject({ code: "SHORT_LOAD" });
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countCachedPages } from "../../../linux/libc/page-cache.js";
import { pageSizeBytes } from "../../../linux/libc/page-size.js";
import { AS_FOUND, type CacheState, type TimedSample } from "../../../results/index.js";
import { type Backend, builtInBackend } from "../../../runners/backends/backend.js";
import { makeWorkspace, type Workspace } from "../../../runners/files/workspace.js";
import { fioLoad } from "../../../runners/loads/fio-load.js";
import type { RunnableLoad } from "../../../runners/loads/runnable-load.js";
import { measure } from "../../../runners/run/measure.js";
import { passesBefore, passesOf } from "../../../runners/run/passes.js";
import { StartupOverheads } from "../../../runners/run/startup-overheads.js";
import { takeSamples } from "../../../runners/run/take-samples.js";
import { loadOf, workloadOf } from "../../../workloads/index.js";
import { canMount } from "../../filesystem/can-mount.js";
import { usualRun } from "../../reports/usual-run.js";

test.each([
  [0.3, 1],
  [0.2, 1],
  [0.125, 2],
  [0.0155, 17],
  [0.000_01, 256],
  [0, 256],
])("a pass of %f s: %i passes", (seconds, passes) => {
  expect(passesOf({ seconds })).toBe(passes);
});

const sampleOf = (operations: number) => ({ ok: true, figures: { operations } }) as TimedSample;
const failed = { ok: false, failure: "no" } as TimedSample;

test.each<[string, readonly TimedSample[], number | null]>([
  ["no sample", [], null],
  ["a failed one", [failed], null],
  ["one of seven passes", [failed, sampleOf(70)], 7],
  ["one of one pass", [sampleOf(10)], 1],
])("the passes of earlier samples: %s", (_, samples, passes) => {
  expect(passesBefore(samples, { operations: 10 })).toBe(passes);
});

// On the repository's filesystem: in memory no file is ever cold.
const folder = mkdtempSync(join(import.meta.dirname, "..", "..", "..", "node_modules", ".fusemeter-test-passes-"));
const BYTES = 64 * 2 ** 20;
const { signal } = new AbortController();
let workspace: Workspace;

function readsOf(workload: string, cache: CacheState = "warm"): RunnableLoad {
  return fioLoad(loadOf(workloadOf(workload), 4096, BYTES), { cache, readahead: AS_FOUND, randomSeed: 1 });
}

beforeAll(async () => {
  workspace = await makeWorkspace(folder);
  await readsOf("rnd-rd-1th-1f").prepare(workspace.source, signal, () => {});
  await readsOf("rnd-rd-1th-1f", "cold").prepare(workspace.source, signal, () => {});
});
afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function isSourceWarm(): Promise<boolean> {
  await using file = await open(join(workspace.source, "warm.dat"), "r");
  return countCachedPages(file.fd) === BYTES / pageSizeBytes;
}

describe.skipIf(!canMount)("several passes", () => {
  test.each(["rnd-rd-1th-1f", "seq-rd-1th-1f", "seq-rd-32th-1f"])(
    "%s: each sends the requests of the first",
    async (workload) => {
      const load = readsOf(workload);
      const readsPerOperation = async (one: RunnableLoad) => {
        const setting = { backend: builtInBackend("fuse"), cache: "warm", counters: "timed", workspace, signal } as const;
        const { outcome, figures } = await measure({ ...setting, load: one, onFraction: () => {} });
        expect(outcome.operations).toBe(one.operations);
        expect(outcome.bytes).toBe(one.operations * 4096);
        return figures.requests!.READ! / outcome.operations;
      };
      const once = await readsPerOperation(load);
      const often = await readsPerOperation(load.inPasses!(5));
      expect(Math.abs(often / once - 1)).toBeLessThan(0.02);
      expect(await isSourceWarm()).toBe(true);
    },
  );

  /** Takes a timed sample, and the counted one beside it. */
  async function samplesOf(backend: Backend, load: RunnableLoad, cache: CacheState, passes: number | null) {
    const runs: string[] = [];
    const { timed, counted } = await takeSamples({
      step: {
        key: { backend: backend.name, workload: "", ioSizeBytes: 4096, cache },
        block: 0,
        order: 0,
        counted: true,
        timed: true,
      },
      backend,
      load,
      passes,
      cache,
      workspace,
      signal,
      startups: new StartupOverheads({ ...usualRun(), cells: [] }),
      show: (phase) => void (phase === "timing" && runs.push(phase)),
      timePart: async (_, take) => await take(),
      onFailure: (failure) => expect.unreachable(failure),
    });
    if (timed?.ok !== true || counted?.ok !== true) throw new Error("a sample failed");
    return { timed: timed.figures, counted: counted.figures, timedRuns: runs.length };
  }

  test("make up a timed sample that one pass would leave too short; a counted one has one", async () => {
    const load = readsOf("rnd-rd-1th-1f");
    const first = await samplesOf(builtInBackend("native"), load, "warm", null);
    const passes = first.timed.operations / load.operations;
    expect(passes).toBeGreaterThan(1);
    expect(Number.isInteger(passes)).toBe(true);
    expect(first.timedRuns).toBe(2);
    expect(first.timed.countedOperations).toBe(first.timed.operations - load.startup!.operations);
    expect(first.counted.operations).toBe(load.operations - load.startup!.operations);
    // The source stays in the page cache: nothing came from the disk.
    expect(await isSourceWarm()).toBe(true);
    const later = await samplesOf(builtInBackend("native"), load, "warm", passes);
    expect(later.timed.operations).toBe(first.timed.operations);
    expect(later.timedRuns).toBe(1);
  });

  test("are none of several random readers: each would drop the pages that another has just read", () => {
    expect(readsOf("rnd-rd-32th-1f").inPasses).toBeNull();
  });

  test("are none of a cold file: the second one would be warm", async () => {
    const load = readsOf("rnd-rd-1th-1f", "cold");
    expect(load.inPasses).toBeNull();
    const { timed, timedRuns } = await samplesOf(builtInBackend("native"), load, "cold", null);
    expect(timed.operations).toBe(load.operations);
    expect(timedRuns).toBe(1);
  });
});

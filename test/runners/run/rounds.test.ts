import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Round } from "../../../reports/gate/index.js";
import { blocksOf, readRun } from "../../../results/index.js";
import { measureInRounds } from "../../../runners/run/index.js";
import { usualRun } from "../../reports/usual-run.js";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "fusemeter-rounds-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test("rounds plan blocks beside the request, which stays as it was", async () => {
  const run = { ...usualRun(), cells: [] };
  const request = structuredClone(run.request);
  const rounds: Round[] = [
    { blocks: 4, countedBlocks: 1, places: null, opens: [], sliceRounds: 0 },
    { blocks: 2, countedBlocks: 2, places: null, opens: [], sliceRounds: 0 },
  ];
  const planned: object[] = [];
  await measureInRounds(
    run,
    { blocks: 1, countedBlocks: 1, opens: [], sliceRounds: 0 },
    {
      // Without a backend a round takes no sample.
      backends: new Map(),
      workspace: { source: directory, mountpoint: directory, async [Symbol.asyncDispose]() {} },
      directory,
      signal: new AbortController().signal,
      onProgress: () => {},
      onPhase: () => {},
      onFailure: () => {},
      onFailedSlices: () => {},
      beforeBlock: async () => {},
      next(measured) {
        planned.push(blocksOf(measured));
        return rounds.shift() ?? null;
      },
    },
  );
  expect(run.request).toEqual(request);
  expect(planned).toEqual([
    { blocks: 1, countedBlocks: 1 },
    { blocks: 5, countedBlocks: 2 },
    { blocks: 7, countedBlocks: 7 },
  ]);
  const read = await readRun(directory);
  expect(read.request).toEqual(request);
  expect(blocksOf(read)).toEqual({ blocks: 7, countedBlocks: 7 });
});

test("a result without planned blocks has those of its request", () => {
  const run = usualRun();
  expect(blocksOf(run)).toMatchObject({ blocks: run.request.blocks, countedBlocks: run.request.countedBlocks });
});

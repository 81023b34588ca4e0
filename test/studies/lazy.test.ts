import { expect, test } from "vitest";
import { readFromLossyOrigin } from "../../studies/lazy/chunks.js";
import { killDaemons } from "../../studies/lazy/kills.js";
import { readLayers } from "../../studies/lazy/layers.js";
import { openWhilePromoting } from "../../studies/lazy/opens.js";
import { failPower } from "../../studies/lazy/power.js";
import { canMount } from "../filesystem/can-mount.js";

/** Errors that readers get while no daemon is there. */
const ABSENT = ["ENOTCONN", "ECONNABORTED", "ENOENT"];

test.skipIf(!canMount)("daemons killed while a tree arrives: no reader sees a wrong byte, and the tree is whole", async () => {
  const { kills, counts, trees, wrongTrees } = await killDaemons(5, 3);
  expect(kills).toBe(5);
  expect(counts.wrong).toEqual([]);
  expect(counts.reads, "readers must see something").toBeGreaterThan(100);
  expect(Object.keys(counts.errors).filter((code) => !ABSENT.includes(code))).toEqual([]);
  expect([trees > 0, wrongTrees]).toEqual([true, 0]);
});

test.skipIf(!canMount)("2,000 opens during a promotion: none fails and none reads wrong", async () => {
  const result = await openWhilePromoting(2000, 3, new AbortController().signal);
  expect(result.counts).toMatchObject({ wrong: [], errors: {} });
  expect(result.counts.opens).toBeGreaterThanOrEqual(2000);
  expect(result.readsAfterArrival).toBe(0);
  expect(result.typeAfter).not.toMatch(/fuse/);
  expect(result).toMatchObject({ oldFileWorks: true, daemonLived: true, daemonEnded: true });
});

test.skipIf(!canMount)("a lossy origin and 8 readers: every byte is right, and no chunk is given twice", async () => {
  const { chunks, lost, wrong, givenTwice, counts } = await readFromLossyOrigin(1500, 8, 3);
  expect(counts).toEqual({ opens: 800, reads: 8 * chunks, wrong: [], errors: {} });
  expect([lost > 0, wrong > 0, givenTwice]).toEqual([true, true, 0]);
});

test.skipIf(!canMount)("power failures: no chunk that was synchronized is lost, and none that is wrong is shown", async () => {
  const { shown, wrong, acknowledged, lost } = await failPower(8, 3);
  expect([shown > 0, acknowledged > 0]).toEqual([true, true]);
  expect([wrong, lost]).toEqual([0, 0]);
});

test("layers of each kind: every range is read once in order, and a stream has no chunk at random", async () => {
  const [tar, gzip, zstd] = await readLayers("docs", 20, 3);
  for (const { all, packs, kind } of [tar!, gzip!]) expect([kind, all.requests]).toEqual([kind, packs]);
  expect(tar!.drawn!.requests).toBeLessThanOrEqual(20);
  expect(gzip!.layerBytes).toBeLessThan(tar!.layerBytes);
  expect([zstd!.drawn, zstd!.all.bytes]).toEqual([null, zstd!.layerBytes]);
});

import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { releaseOnHang } from "../../../runners/processes/release-on-hang.js";

const NEVER_MS = 60_000;

test("a load that takes longer than its limit is released, once", async () => {
  const release = vi.fn(async () => {});
  await using _watch = releaseOnHang(1, new AbortController().signal, release);
  await vi.waitFor(() => expect(release).toHaveBeenCalledTimes(1));
});

test("an abort releases it at once", async () => {
  const abort = new AbortController();
  const release = vi.fn(async () => {});
  await using _watch = releaseOnHang(NEVER_MS, abort.signal, release);
  abort.abort();
  expect(release).toHaveBeenCalledTimes(1);
});

test("a load that ended is not released, not even by a later abort", async () => {
  const abort = new AbortController();
  const release = vi.fn(async () => {});
  await releaseOnHang(NEVER_MS, abort.signal, release)[Symbol.asyncDispose]();
  abort.abort();
  expect(release).not.toHaveBeenCalled();
});

test("the end waits for a release that has begun", async () => {
  const steps: string[] = [];
  const watch = releaseOnHang(1, new AbortController().signal, async () => {
    steps.push("begun");
    await sleep(20);
    steps.push("done");
  });
  await vi.waitFor(() => expect(steps).toContain("begun"));
  await watch[Symbol.asyncDispose]();
  expect(steps).toEqual(["begun", "done"]);
});

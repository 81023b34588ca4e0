import { execa } from "execa";
import { expect, test } from "vitest";
import { readIdleEntries } from "../../../runners/counters/system-counters.js";

const SLEEPS = 500;
const sleeper = `const word = new Int32Array(new SharedArrayBuffer(4)); for (let i = 0; i < ${SLEEPS}; i++) Atomics.wait(word, 0, 0, 1);`;

/** Virtual machines without a cpuidle driver have no such count: then it is null, and there is nothing to test. */
test.runIf(readIdleEntries() !== null)("a program that sleeps so often sends a core to idleness so often", async () => {
  // A neighbour that keeps both cores busy leaves none to idle: such a moment passes.
  let entries = 0;
  for (let attempt = 0; attempt < 20 && entries < SLEEPS; attempt++) {
    const before = readIdleEntries()!;
    await execa(process.execPath, ["-e", sleeper]);
    entries = readIdleEntries()! - before;
  }
  expect(entries).toBeGreaterThanOrEqual(SLEEPS);
});

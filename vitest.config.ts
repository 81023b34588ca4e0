import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Mounts, counters and caches are the machine's: one file at a time.
    fileParallelism: false,
    pool: "forks",
    // A busy machine takes its time; what hangs, hangs for longer.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 10_000 } },
  },
});

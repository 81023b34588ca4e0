import { defineConfig } from "vitest/config";

/** The tests of one drawer, for `npm run mutants`, which names them: none of them mounts, counts or needs the compiled program. */
export default defineConfig({
  test: {
    include: JSON.parse(process.env.MUTANTS_TESTS ?? "[]") as string[],
    // A mutant that loops for ever is ended by its time.
    testTimeout: 20_000,
  },
});

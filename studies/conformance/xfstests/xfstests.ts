import { expectedFailures } from "../mounts/expected-failures.js";
import { nameOf, type Way } from "../mounts/on-mounts.js";
import { type Environment, makeEnvironment } from "./environment.js";
import { isOf, Results, type Row } from "./results.js";
import { runTest } from "./run-test.js";
import { partOf, type Selection, selectTests } from "./tests.js";

interface Options extends Selection {
  readonly part: string;
  readonly results?: string;
  readonly "time-limit": string;
  readonly minutes: string;
}

/**
 * Runs the tests that the results file does not have yet, each on all ways to mount before the next, and prints the failures.
 * FUSE lacks some things that tests ask for (a block device, fiemap, reflinks): such a test is tried on one way alone.
 *
 * @param folder of a built xfstests
 * @returns true where every failure is expected
 */
export async function runXfstests(folder: string, options: Options, ways: readonly Way[], signal: AbortSignal): Promise<boolean> {
  const endMs = Date.now() + Number(options.minutes) * 60_000;
  const tests = selectTests(folder, options);
  const results = new Results(options.results ?? null);
  using environments = new Environments(ways);
  for (const test of partOf(tests, options.part)) {
    for (const way of ways) {
      const its = results.rows.filter((row) => row.test === test);
      if (its.some((row) => isOf(row, way)) || Date.now() > endMs) continue;
      const environment = environments.of(way);
      const lacking = its.find(({ outcome }) => outcome === "not run");
      const result =
        lacking === undefined
          ? await runTest(folder, environment, test, Number(options["time-limit"]), signal)
          : { outcome: lacking.outcome, about: `${lacking.about} (asked in ${lacking.mode} mode)` };
      environment.emptyScratch();
      results.add({ ...way, test, ...result });
    }
  }
  const expected = expectedFailures();
  let isAsExpected = true;
  for (const way of ways) {
    const rows = results.rows.filter((row) => isOf(row, way) && tests.includes(row.test));
    console.log(`xfstests, ${nameOf(way)}: ${summaryOf(rows, tests.length)}`);
    for (const { test, about } of rows.filter(({ outcome }) => outcome === "failed")) {
      const isKnown = expected.has(`xfstests ${test}`);
      console.log(isKnown ? `  expected: ${test}` : `  not expected: ${test}: ${about}`);
      if (!isKnown) isAsExpected = false;
    }
  }
  return isAsExpected;
}

function summaryOf(rows: readonly Row[], tests: number): string {
  const count = (wanted: Row["outcome"]) => rows.filter(({ outcome }) => outcome === wanted).length;
  const outcomes = `${count("passed")} pass, ${count("failed")} fail, ${count("not run")} do not apply`;
  return `${tests} tests: ${outcomes}, ${tests - rows.length} not reached`;
}

/** One environment a way to mount. */
class Environments implements Disposable {
  readonly #all = new Map<Way, Environment>();

  constructor(ways: readonly Way[]) {
    for (const way of ways) this.#all.set(way, makeEnvironment(way));
  }

  of(way: Way): Environment {
    return this.#all.get(way)!;
  }

  [Symbol.dispose](): void {
    for (const environment of this.#all.values()) environment[Symbol.dispose]();
  }
}

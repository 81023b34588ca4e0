/** A directory on a mount, and the same one in the source. They are one where nothing is mounted. */
interface Place {
  readonly directory: string;
  readonly source: string;
}

interface Outcome {
  /** The number of tests. */
  readonly count: number;
  /** The tests that failed, each by its name. */
  readonly failures: ReadonlySet<string>;
}

/** Tests that run in a place and leave it as it was. */
export type Suite = (place: Place, signal: AbortSignal) => Promise<Outcome>;

/** One suite after another. */
export function inTurn(suites: readonly Suite[]): Suite {
  return async (place, signal) => {
    const failures = new Set<string>();
    let count = 0;
    for (const suite of suites) {
      const outcome = await suite(place, signal);
      count += outcome.count;
      for (const failure of outcome.failures) failures.add(failure);
    }
    return { count, failures };
  };
}

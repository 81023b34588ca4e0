/** One property of the host that a measurement needs, or that spoils it. */
export interface Check {
  readonly what: string;
  readonly ok: boolean;
  /** Part of the comparison can't be measured without it. A check that is not needed is about precision, or about one more way to measure. */
  readonly needed: boolean;
  /** The finding, or the obstacle. */
  readonly why: string;
  /** The command or the act that removes the obstacle; null where there is none. */
  readonly remedy: string | null;
}

/** The name and the weight of a check, to be completed by its outcome. */
export function check(what: string, needed: boolean) {
  return {
    passed: (why: string): Check => ({ what, ok: true, needed, why, remedy: null }),
    failed: (why: string, remedy: string): Check => ({ what, ok: false, needed, why, remedy }),
  };
}

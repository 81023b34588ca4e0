/** One thing that a measurement needs of the host, or that spoils it. */
export interface Check {
  readonly what: string;
  readonly ok: boolean;
  /** Without it part of the comparison can't be measured. The others make figures worse, or open one more way to measure. */
  readonly needed: boolean;
  /** What was found, or what stands in the way. */
  readonly why: string;
  /** The command or the deed that would change it; null where it is well. */
  readonly remedy: string | null;
}

/** A check's name and weight, to be completed by its outcome. */
export function check(what: string, needed: boolean) {
  return {
    passed: (why: string): Check => ({ what, ok: true, needed, why, remedy: null }),
    failed: (why: string, remedy: string): Check => ({ what, ok: false, needed, why, remedy }),
  };
}

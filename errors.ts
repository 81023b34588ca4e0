/** The side that must change for a command to succeed: `use` is the request, `host` the machine, its kernel or its rights. */
export type Fault = "use" | "host";

interface Facts {
  readonly code: string;
  readonly fault: Fault;
  readonly problem: string;
  readonly reason?: string | null;
  readonly remedy?: string | null;
  readonly backend?: string | null;
  readonly cause?: unknown;
}

/** Every error that a user may see. The message is the problem, the reason and the remedy in one line. */
export class FusemeterError extends Error {
  override readonly name = "FusemeterError";
  /** A stable name for programs, for instance `MOUNTPOINT_NOT_EMPTY`. */
  readonly code: string;
  readonly fault: Fault;
  /** The thing that went wrong, and its place. */
  readonly problem: string;
  /** The cause of the problem; null where the problem says it, or nobody knows. */
  readonly reason: string | null;
  /** An instruction that begins with a verb; null where there is none. */
  readonly remedy: string | null;
  /** The backend that the problem belongs to; null where it belongs to none. */
  readonly backend: string | null;

  constructor({ code, fault, problem, reason = null, remedy = null, backend = null, cause }: Facts) {
    super(messageFrom(problem, reason, remedy), { cause });
    this.code = code;
    this.fault = fault;
    this.problem = problem;
    this.reason = reason;
    this.remedy = remedy;
    this.backend = backend;
  }
}

/** `problem: reason. Remedy` */
function messageFrom(problem: string, reason: string | null, remedy: string | null): string {
  const said = reason === null ? problem : `${problem}: ${reason}`;
  return remedy === null ? said : `${said}. ${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}`;
}

/**
 * The error of a value that can't be used, for instance `invalid --blocks "x": expected a whole number from 1 to 10000`.
 *
 * @param name the option, or the thing that the value was given for
 */
export function invalidValue(name: string, given: string | number, expected: string, code = "BAD_OPTION"): FusemeterError {
  const problem = `invalid ${name} ${JSON.stringify(given)}`;
  return new FusemeterError({ code, fault: "use", problem, reason: `expected ${expected}` });
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** How the program ends on an error: 2, what was asked for can't be; 3, this host can't do it. */
export type ExitCode = 2 | 3;

/** Every error that a user may see: what was wrong and where, and what would be right. */
export class FusemeterError extends Error {
  override readonly name = "FusemeterError";
  /** A stable name for programs, for instance `MOUNTPOINT_NOT_EMPTY`. */
  readonly code: string;
  readonly exitCode: ExitCode;
  /** What was wrong and where: the message without the remedy. */
  readonly problem: string;
  /** What to do about it. */
  readonly remedy: string;

  constructor(facts: { code: string; exitCode: ExitCode; problem: string; remedy: string; cause?: unknown }) {
    super(`${facts.problem}: ${facts.remedy}`, { cause: facts.cause });
    this.code = facts.code;
    this.exitCode = facts.exitCode;
    this.problem = facts.problem;
    this.remedy = facts.remedy;
  }
}

/** What an error says; anything may be thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

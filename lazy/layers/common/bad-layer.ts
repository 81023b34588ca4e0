import { FusemeterError } from "../../../errors.js";

/** The error of a layer that is not of its format, or that no manifest can describe. */
export function badLayer(problem: string, reason: string | null = null, cause?: unknown): FusemeterError {
  return new FusemeterError({ code: "BAD_LAYER", fault: "use", problem, reason, cause });
}

import type { Run } from "./run.js";
import type { RunRequest } from "./schema.js";

/** The blocks of a run: those that a procedure has planned so far, or else those of the request. */
export function blocksOf({ plannedBlocks, request }: Run): Pick<RunRequest, "blocks" | "countedBlocks"> {
  return plannedBlocks ?? request;
}

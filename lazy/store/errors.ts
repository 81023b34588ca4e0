import { FusemeterError } from "../../errors.js";

/** The error of a store whose content can't be what a store holds. @param part its path in the store */
export function damaged(part: string, reason: string): FusemeterError {
  return new FusemeterError({
    code: "STORE_DAMAGED",
    fault: "use",
    problem: `${part} in the store is not as it was made`,
    reason,
    remedy: "remove the store and mount again",
  });
}

/** The error of a directory that can't become a store, or belongs to another tree or process. */
export function unusable(code: string, path: string, reason: string, remedy: string): FusemeterError {
  return new FusemeterError({ code, fault: "use", problem: `${path} can't be used as a store`, reason, remedy });
}

/** The error of a store that can't be written. */
export function unwritable(part: string, reason: string): FusemeterError {
  return new FusemeterError({
    code: "STORE_UNWRITABLE",
    fault: "host",
    problem: `${part} in the store can't be written`,
    reason,
    remedy: "look for free space, and for errors of the disk in dmesg",
  });
}

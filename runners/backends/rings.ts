import { ENABLE_URING } from "../../linux/mounts/fuse-module.js";
import { fuseSupport } from "../host/fuse.js";
import { setKnob } from "../knobs/knob.js";

/**
 * Lets the kernel offer FUSE over io_uring to the mounts made from here on, until the result is disposed of. Where it does
 * already, or can't at all, nothing is changed: the mount then says what is missing.
 *
 * @throws {FusemeterError} where the module's parameter can't be set, or another process has it set
 */
export function offerRings(): Disposable {
  if (fuseSupport().ioUring === "missing") return { [Symbol.dispose]() {} };
  return setKnob(ENABLE_URING, "Y");
}

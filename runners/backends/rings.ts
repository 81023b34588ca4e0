import { ENABLE_URING } from "../../linux/mounts/fuse-module.js";
import { fuseSupport } from "../host/fuse.js";
import { setKnob } from "../knobs/knob.js";

/**
 * Lets the kernel offer FUSE over io_uring to new mounts, until the result is disposed of. A kernel that offers it already, or
 * can't, is not changed: the mount then reports what is missing.
 *
 * @throws {FusemeterError} `KNOB_NOT_CHANGED` or `KNOB_BUSY`: the module's parameter can't be set, or another process has set it
 */
export function offerRings(): Disposable {
  if (fuseSupport().ioUring === "missing") return { [Symbol.dispose]() {} };
  return setKnob(ENABLE_URING, "Y");
}

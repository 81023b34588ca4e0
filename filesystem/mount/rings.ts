import { FusemeterError } from "../../errors.js";
import { IoUring } from "../../linux/io-uring/io-uring.js";
import { offersRings } from "../../linux/mounts/fuse-module.js";
import type { Agreement } from "./negotiation.js";
import type { ResolvedOptions, Transport } from "./options.js";

/**
 * True if the kernel is to be asked for rings. Once it has agreed, requests wait until all rings are there: so one is tried before.
 *
 * @throws FusemeterError if rings were asked for and can't be had. No mount has been made by then, so nobody sees one come and go
 */
export function mayUseRings(transport: ResolvedOptions["transport"]): boolean {
  if (transport === "device") return false;
  if (offersRings() === false) {
    if (transport === "io-uring") throw noRings();
    return false;
  }
  try {
    new IoUring(1)[Symbol.dispose]();
    return true;
  } catch (error) {
    if (transport === "io-uring") throw error;
    return false;
  }
}

/** The transport that was agreed. @throws FusemeterError if rings were asked for and the kernel did not offer them */
export function agreedTransport(asked: ResolvedOptions["transport"], { init }: Agreement): Transport {
  if (init.flags.has("OVER_IO_URING")) return "io-uring";
  if (asked === "io-uring") throw noRings();
  return "device";
}

function noRings(): FusemeterError {
  return new FusemeterError({
    code: "NO_FUSE_OVER_IO_URING",
    fault: "host",
    problem: "this kernel does not offer FUSE over io_uring",
    remedy:
      "use the transport device, or Linux 6.14 or later with Y in /sys/module/fuse/parameters/enable_uring before the mount",
  });
}

import { FusemeterError } from "../../errors.js";
import { hasCapability } from "../../linux/libc/capabilities.js";
import { errnoName } from "../../linux/libc/errno.js";
import { close, memfdCreate } from "../../linux/libc/files.js";
import { closeBacking, openBacking } from "../../linux/libc/fuse-device.js";
import { emptyString } from "../../linux/libc/memory.js";
import type { Agreement } from "./negotiation.js";
import type { ResolvedOptions } from "./options.js";

/**
 * The reason, in a few words, for which the kernel can't read and write backing files itself; null if it can, or if daemon mode was
 * asked for.
 *
 * @throws FusemeterError `NO_PASSTHROUGH` if passthrough mode was asked for and can't be had
 */
export function whyNotPassthrough(mode: ResolvedOptions["mode"], connection: number, agreement: Agreement): string | null {
  if (mode === "daemon") return null;
  const reason = obstacle(connection, agreement);
  if (reason === null || mode === "auto") return reason;
  throw new FusemeterError({
    code: "NO_PASSTHROUGH",
    fault: "host",
    problem: "passthrough is not possible",
    reason,
    remedy: "use mode daemon or auto",
  });
}

function obstacle(connection: number, agreement: Agreement): string | null {
  if (!agreement.offered.has("PASSTHROUGH"))
    return "this kernel has no FUSE passthrough (Linux 6.9 with CONFIG_FUSE_PASSTHROUGH has)";
  if (!hasCapability("CAP_SYS_ADMIN")) return "passthrough needs CAP_SYS_ADMIN";
  const file = memfdCreate(emptyString.address, 0);
  const backingId = openBacking(connection, file);
  close(file);
  if (backingId < 0) return `the kernel refused a backing file (${errnoName(-backingId)})`;
  closeBacking(connection, backingId);
  return null;
}

import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll } from "vitest";
import { ENABLE_URING } from "../../linux/mounts/fuse-module.js";

/** True if this kernel can send FUSE requests over io_uring: the module parameter is there and may be set. */
const canUseRings = (() => {
  try {
    writeFileSync(ENABLE_URING, readFileSync(ENABLE_URING));
    return true;
  } catch {
    return false;
  }
})();

/** The transports that this host has; with TEST_TRANSPORTS, those of them that it names. */
export const transports: readonly string[] = (canUseRings ? ["device", "io-uring"] : ["device"]).filter(
  (transport) => process.env.TEST_TRANSPORTS?.split(",").includes(transport) ?? true,
);

/** Lets the kernel offer rings to the mounts of a test file, and puts its parameter back after. */
export function offerRings(): void {
  if (!canUseRings) return;
  const before = readFileSync(ENABLE_URING);
  beforeAll(() => writeFileSync(ENABLE_URING, "Y"));
  afterAll(() => writeFileSync(ENABLE_URING, before));
}

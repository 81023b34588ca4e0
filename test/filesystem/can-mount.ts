import { existsSync } from "node:fs";

/** True if this host can run tests with real mounts. In CI they must run: a test that can't, fails there. */
export const canMount = process.env.CI === "true" || (process.getuid!() === 0 && existsSync("/dev/fuse"));

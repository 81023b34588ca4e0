import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { expect, test } from "vitest";
import { ENABLE_URING } from "../../../linux/mounts/fuse-module.js";
import { canMount } from "../../filesystem/can-mount.js";
import { program } from "../../machine.js";

const library = join(import.meta.dirname, "../../../dist/runners/backends/rings.js");
const says = () => readFileSync(ENABLE_URING, "utf8").trim();

/** A process that offers rings, prints the parameter's value, and runs its last line. */
const offering = (then: string) => {
  const script = `import { offerRings } from ${JSON.stringify(library)};
    import { readFileSync, writeSync } from "node:fs";
    const rings = offerRings();
    writeSync(1, readFileSync(${JSON.stringify(ENABLE_URING)}, "utf8"));
    ${then}`;
  return execa(process.execPath, ["--input-type=module", "--eval", script], { reject: false });
};

test.runIf(canMount && existsSync(ENABLE_URING)).each([
  ["disposes of its offer", "rings[Symbol.dispose]()"],
  ["ends by an error", "throw new Error('x')"],
  ["is killed, once the next command has run", "process.kill(process.pid, 'SIGKILL')"],
])("the module's parameter is put back where a process %s", async (_how, then) => {
  const before = says();
  const { stdout } = await offering(then);
  expect(stdout).toBe("Y");
  execaSync(process.execPath, [program, "--help"]);
  expect(says()).toBe(before);
});

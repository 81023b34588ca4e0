import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Opcode } from "../../../filesystem/protocol/opcodes.js";
import { mutants } from "../../../studies/mutants/mutants.js";

const root = join(import.meta.dirname, "../../..");

test.each(mutants)(
  "a mutant of $operation replaces a text that the compiled $file has once",
  ({ file, find, replace, tests }) => {
    const compiled = readFileSync(join(root, "dist/filesystem", `${file}.js`), "utf8");
    expect(compiled.split(find)).toHaveLength(2);
    expect(replace).not.toBe(find);
    expect(tests.filter((path) => !existsSync(join(root, "test/filesystem", path)))).toEqual([]);
  },
);

test("every operation that is served has a mutant", () => {
  // Answered before the workers start, without effect, with ENOSYS, or not sent to a mount like this (SYNCFS: to virtiofs alone).
  const without = ["INIT", "DESTROY", "BMAP", "POLL", "NOTIFY_REPLY", "SETUPMAPPING", "REMOVEMAPPING", "SYNCFS"];
  const mutated = new Set<string>(mutants.map(({ operation }) => operation));
  expect(Object.keys(Opcode).filter((name) => !mutated.has(name) && !without.includes(name))).toEqual([]);
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { program } from "../machine.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fusemeter-exit-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the program after a piece of code that breaks something in its process. */
function broken(code: string, words: readonly string[]) {
  const preload = `data:text/javascript,${encodeURIComponent(code)}`;
  return execa(process.execPath, ["--import", preload, program, ...words], { reject: false, cwd: folder });
}

describe("an internal error exits with 70, prints its stack and asks for a report", () => {
  test.each([
    { what: "in a command", code: "JSON.stringify = () => { throw new TypeError('boom') }" },
    { what: "in a callback", code: "setTimeout(() => { throw new TypeError('boom') }, 200)" },
    { what: "in a promise that nobody awaits", code: "setTimeout(() => Promise.reject(new TypeError('boom')), 200)" },
  ])("$what", async ({ code }) => {
    const { exitCode, stderr } = await broken(code, ["doctor", "--json"]);
    expect(exitCode, stderr).toBe(70);
    expect(stderr).toMatch(/^fusemeter: internal error: TypeError: boom$/m);
    expect(stderr).toMatch(/^ {4}at /m);
    expect(stderr).toMatch(/report/);
  });

  test("thrown is not always an error", async () => {
    const { exitCode, stderr } = await broken("setTimeout(() => { throw undefined }, 200)", ["doctor", "--json"]);
    expect(exitCode, stderr).toBe(70);
    expect(stderr).toContain("fusemeter: internal error: undefined");
  });
});

describe("an error while resources are released", () => {
  test("hides neither the error before it nor its exit code", async () => {
    const directory = mkdtempSync("/dev/shm/fusemeter-exit-");
    // The run is refused when its workspace is there already, and then the workspace can't be removed.
    const code = `
      import fs from "node:fs/promises";
      import { syncBuiltinESMExports } from "node:module";
      const { rm } = fs;
      fs.rm = async (path, options) => {
        await rm(path, options);
        if (path.startsWith(${JSON.stringify(directory)})) throw new Error("EIO: the folder stays");
      };
      syncBuiltinESMExports();`;
    try {
      const words = ["--backends", "native", "--caches", "cold", "--file-size", "128MB", "--directory", directory];
      const { exitCode, stderr } = await broken(code, ["run", ...words, "--out", join(folder, "out")]);
      expect(stderr).toContain("no file is ever cold");
      expect(stderr).toContain("EIO: the folder stays");
      expect(exitCode, stderr).toBe(2);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

test.each(["toString", "constructor", "__proto__"])("%s is an unknown command", async (word) => {
  const { exitCode, stderr } = await execa(process.execPath, [program, word], { reject: false });
  expect(stderr).toContain(`unknown command '${word}'`);
  expect(exitCode).toBe(2);
});

test("standard output that takes nothing is an error of the host", async () => {
  const command = execa("sh", ["-c", '"$1" "$2" doctor >/dev/full', "sh", process.execPath, program], { reject: false });
  const { exitCode, stderr } = await command;
  expect(stderr).toMatch(/^fusemeter: standard output can't be written: ENOSPC/m);
  expect(exitCode).toBe(3);
});

import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { mountsBelow } from "../../linux/mounts/mountinfo.js";
import { packageRoot } from "../../package-root.js";
import type { Mutant } from "./mutants.js";

/** A mutant that hangs the tests is noticed, too. */
const LIMIT_MS = 180_000;

/** Folders that no mutant and no test of the filesystem needs. */
const LEFT_OUT = new Set(["node_modules", ".git", "results", "docs"]);

/** The outcome of the tests of one mutant. */
export type Outcome = "killed" | "lived";

/** A copy of the project in which mutants are tried, one after the other. */
export class Trial implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "fusemeter-mutants-"));
  readonly #project = join(this.#folder, "project");
  readonly #temporary = join(this.#folder, "tmp");

  constructor() {
    const root = packageRoot();
    mkdirSync(this.#project);
    mkdirSync(this.#temporary);
    for (const name of readdirSync(root).filter((name) => !LEFT_OUT.has(name)))
      cpSync(join(root, name), join(this.#project, name), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(this.#project, "node_modules"));
  }

  /** Runs the tests of a mutant. @throws Error if the text that it replaces is not there once */
  async try({ file, find, replace, tests }: Mutant): Promise<Outcome> {
    const path = join(this.#project, "dist/filesystem", `${file}.js`);
    const before = readFileSync(path, "utf8");
    if (before.split(find).length !== 2) throw new Error(`${file} does not have this text once: ${find}`);
    writeFileSync(
      path,
      before.replace(find, () => replace),
    );
    try {
      return (await this.#pass(tests)) ? "lived" : "killed";
    } finally {
      writeFileSync(path, before);
    }
  }

  /** @throws Error if some tests fail without any mutant */
  async checkTests(tests: readonly string[]): Promise<void> {
    for (const test of tests) if (!(await this.#pass([test]))) throw new Error(`${test} fails without a mutant`);
  }

  async #pass(tests: readonly string[]): Promise<boolean> {
    const files = tests.map((test) => join("test/filesystem", test));
    // Each mutant is in the handlers, which serve both transports.
    const env = { TMPDIR: this.#temporary, TEST_TRANSPORTS: "device" };
    const vitest = join(this.#project, "node_modules/.bin/vitest");
    const options = { cwd: this.#project, env, reject: false, timeout: LIMIT_MS, killSignal: "SIGKILL", all: true } as const;
    const { exitCode } = await execa(vitest, ["run", "--bail=1", "--testTimeout=30000", ...files], options);
    this.#clear();
    return exitCode === 0;
  }

  /** Unmounts the mounts of tests that failed: their daemons end with them. */
  #clear(): void {
    for (const mountpoint of mountsBelow(this.#temporary).reverse())
      execaSync("umount", ["-f", "-l", mountpoint], { reject: false, stdio: "ignore" });
    rmSync(this.#temporary, { recursive: true, force: true });
    mkdirSync(this.#temporary);
  }

  [Symbol.dispose](): void {
    this.#clear();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { readText } from "../../linux/proc/text-file.js";
import { packageRoot } from "../../package-root.js";
import { LoopDevice } from "./loop-device.js";
import { hasTraces, lookForTraces, type Places, type Traces } from "./traces.js";

/** The kernel's offer of FUSE over io_uring, which a run with rings switches on. */
const ENABLE_URING = "/sys/module/fuse/parameters/enable_uring";

const program = join(packageRoot(), "bin/fusemeter.js");

const cells = ["--workloads", "seq-rd-1th-1f", "--sizes", "4KB", "--file-size", "4MB"];
const manyBlocks = ["--blocks", "500"];

/** The commands that are killed. Each measures for longer than it may live. */
const commands: Readonly<Record<string, readonly string[]>> = {
  run: ["run", ...cells, ...manyBlocks, "--counted-blocks", "500", "--caches", "warm,cold"],
  readahead: [
    ...["readahead", ...cells, ...manyBlocks, "--caches", "cold"],
    ...["--backends", "native,fuse", "--knobs", "device", "--windows", "off,4KB,16KB,32KB"],
  ],
  gate: ["gate", ...cells, "--caches", "warm", "--base", packageRoot(), "--head", packageRoot(), "--budget", "5"],
};

export const killedCommands = Object.keys(commands);

/** A kill: the command, the moment, and the traces before and after the next command. */
export interface Kill {
  readonly command: string;
  readonly afterMs: number;
  readonly before: Traces;
  readonly after: Traces;
  /** The lines of the next command about what it took back. */
  readonly said: readonly string[];
}

/** A disk and a folder for commands that are killed. Needs root. */
export class KillingGround implements Disposable {
  readonly #device = new LoopDevice(256 * 2 ** 20);
  readonly #folder = mkdtempSync(join(tmpdir(), "fusemeter-kills-"));
  readonly #places: Places;

  constructor() {
    this.#places = {
      temporary: this.#folder,
      directory: this.#device.mount(),
      knobs: new Map([this.#device.knob, ENABLE_URING].filter(existsSync).map((knob) => [knob, readText(knob)])),
    };
  }

  /**
   * Starts a command, kills it by SIGKILL, looks, runs one command more, and looks again.
   *
   * @param name one of {@link killedCommands}
   */
  async kill(name: string, afterMs: number): Promise<Kill> {
    const { temporary, directory } = this.#places;
    const out = ["--directory", directory, "--out", join(temporary, "out")];
    const options = { reject: false, cwd: temporary, env: { TMPDIR: temporary } } as const;
    const command = execa(process.execPath, [program, ...commands[name]!, ...out], options);
    const isEarly = await Promise.race([command, sleep(afterMs)]);
    if (isEarly !== undefined) throw new Error(`${name} ended before it was killed: ${isEarly.stderr}`);
    command.kill("SIGKILL");
    await command;
    const before = lookForTraces(this.#places);
    const { stderr } = await execa(process.execPath, [program, "--help"], options);
    const after = lookForTraces(this.#places);
    rmSync(join(temporary, "out"), { recursive: true, force: true });
    return { command: name, afterMs, before, after, said: stderr.split("\n").filter((line) => line.startsWith("fusemeter:")) };
  }

  /** Removes disk and folder, unless a command left something in them: that stays for inspection. */
  [Symbol.dispose](): void {
    if (hasTraces(lookForTraces(this.#places))) return;
    this.#device[Symbol.dispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { linesOf, type Manifest, manifestOfDirectory } from "../../lazy/manifest/index.js";
import { MNT_DETACH, umount2 } from "../../linux/mounts/mount.js";
import { packageRoot } from "../../package-root.js";
import { seededRandom } from "../../workloads/index.js";
import { FAULTS, type Faults } from "./origin.js";

const program = join(packageRoot(), "bin/fusemeter.js");
const origin = join(packageRoot(), "dist/studies/lazy/origin.js");

/** The tree that a study lets arrive. */
export interface Tree {
  readonly files: number;
  readonly fileBytes: number;
  readonly chunkBytes: number;
}

/** The directories of a study, with a source of random bytes and its manifest. Disposing it removes them. */
export class Ground implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "fusemeter-lazy-"));
  readonly source = join(this.folder, "source");
  readonly mountpoint = join(this.folder, "mount");
  readonly log = join(this.folder, "fetches");
  readonly manifest: Manifest;
  readonly #manifestFile = join(this.folder, "manifest");

  constructor({ files, fileBytes, chunkBytes }: Tree, seed: number) {
    mkdirSync(this.source);
    mkdirSync(this.mountpoint);
    writeFileSync(this.log, "");
    for (let file = 0; file < files; file++) {
      const folder = join(this.source, `folder-${file % 5}`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `file-${file}`), bytesOf(fileBytes - (file % 7) * 100, seed + file));
    }
    this.manifest = manifestOfDirectory(this.source, chunkBytes);
    writeFileSync(this.#manifestFile, [...linesOf(this.manifest)].join(""));
  }

  /** Starts a daemon. @param store a path of its own for each tree that is to arrive */
  start(store: string, faults: Partial<Faults>, words: readonly string[] = []): Daemon {
    const settings: Faults = { source: this.source, log: this.log, delayMs: 0, lost: 0, wrong: 0, seed: 1, ...faults };
    const command = [program, "lazy", "mount", ...words, this.#manifestFile, origin, store, this.mountpoint];
    const env = { ...process.env, [FAULTS]: JSON.stringify(settings) };
    return new Daemon(spawn(process.execPath, command, { stdio: ["ignore", "ignore", "pipe"], env }));
  }

  /** The fetches so far: of each chunk, how many ended in each way. */
  fetches(): Map<number, Record<"given" | "lost" | "wrong", number>> {
    const fetches = new Map<number, Record<"given" | "lost" | "wrong", number>>();
    for (const line of readFileSync(this.log, "utf8").trimEnd().split("\n")) {
      const [number, fate] = line.split(" ");
      if (fate !== "given" && fate !== "lost" && fate !== "wrong") continue;
      const counts = fetches.get(Number(number)) ?? { given: 0, lost: 0, wrong: 0 };
      counts[fate]++;
      fetches.set(Number(number), counts);
    }
    return fetches;
  }

  /** Detaches whatever is mounted on the mountpoint. */
  unmount(): void {
    while (umount2(this.mountpoint, MNT_DETACH) === 0);
  }

  [Symbol.dispose](): void {
    this.unmount();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A daemon of a lazy mount. */
export class Daemon {
  readonly process: ChildProcess;
  readonly #ended: Promise<void>;
  #said = "";
  #heard: () => void = () => {};

  constructor(child: ChildProcess) {
    this.process = child;
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.#said += text;
      this.#heard();
    });
    this.#ended = new Promise((resolve) => child.once("close", () => resolve()));
    void this.#ended.then(() => this.#heard());
  }

  get hasEnded(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  /** Its standard error. */
  get said(): string {
    return this.#said;
  }

  /** Waits until it has said a text: false if it ended before. */
  async says(text: string): Promise<boolean> {
    while (!this.#said.includes(text)) {
      if (this.hasEnded) return false;
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
    return true;
  }

  isMounted(): Promise<boolean> {
    return this.says("is mounted on");
  }

  isComplete(): Promise<boolean> {
    return this.says("all has arrived");
  }

  async kill(): Promise<void> {
    this.process.kill("SIGKILL");
    await this.#ended;
  }

  ended(): Promise<void> {
    return this.#ended;
  }
}

/** Pseudo-random bytes: no block is like another, and none is zeros. */
function bytesOf(length: number, seed: number): Buffer {
  const random = seededRandom(seed);
  const words = new Uint32Array(Math.ceil(length / 4));
  for (let index = 0; index < words.length; index++) words[index] = random() * 2 ** 32;
  return Buffer.from(words.buffer, 0, length);
}

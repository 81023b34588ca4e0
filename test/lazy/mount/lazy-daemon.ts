import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { linesOf, type Manifest, manifestOfDirectory } from "../../../lazy/manifest/index.js";
import { MNT_DETACH, umount2 } from "../../../linux/mounts/mount.js";

/** An event of `serve.mjs`. */
type Event = Readonly<Record<string, unknown>>;

/** The request to `serve.mjs` beside the places. */
export interface Serving {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly gated?: boolean;
  readonly delayMs?: number;
  readonly concurrency?: number;
  readonly failIn100?: number;
  readonly corruptIn100?: number;
  readonly seed?: number;
}

/** Places of a lazy mount, and a manifest of a source. */
export class LazyPlaces {
  readonly source: string;
  readonly store: string;
  readonly mountpoint: string;
  readonly manifest: Manifest;
  readonly manifestFile: string;

  /** @param base a directory for all but the source */
  constructor(base: string, source: string, chunkBytes: number) {
    this.source = source;
    this.store = join(base, "store");
    this.mountpoint = join(base, "mount");
    this.manifestFile = join(base, "manifest");
    mkdirSync(this.mountpoint, { recursive: true });
    this.manifest = manifestOfDirectory(source, chunkBytes);
    writeFileSync(this.manifestFile, [...linesOf(this.manifest)].join(""));
  }
}

/** A daemon with an origin that a test controls (`serve.mjs`), in a process of its own. Disposing it unmounts. */
export class LazyDaemon implements AsyncDisposable {
  readonly process: ChildProcess;
  readonly events: Event[] = [];
  readonly #exit: Promise<void>;
  readonly #mountpoint: string;
  #heard: () => void = () => {};

  static async start(places: LazyPlaces, serving: Serving = {}): Promise<LazyDaemon> {
    const daemon = new LazyDaemon(places, serving);
    await daemon.event((event) => "mounted" in event);
    return daemon;
  }

  private constructor({ source, store, mountpoint, manifestFile }: LazyPlaces, serving: Serving) {
    const request = { source, store, mountpoint, manifest: manifestFile, ...serving };
    const script = join(import.meta.dirname, "serve.mjs");
    this.#mountpoint = mountpoint;
    this.process = spawn(process.execPath, [script, JSON.stringify(request)], { stdio: ["pipe", "pipe", "inherit"] });
    this.#exit = new Promise((resolve) => this.process.once("exit", () => resolve()));
    void this.#exit.then(() => this.#heard());
    createInterface({ input: this.process.stdout! }).on("line", (line) => {
      this.events.push(JSON.parse(line) as Event);
      this.#heard();
    });
  }

  get hasEnded(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  /** Waits for an event. @throws if the daemon ends before */
  async event(is: (event: Event) => boolean): Promise<Event> {
    for (;;) {
      const found = this.events.find(is);
      if (found !== undefined) return found;
      const failed = this.events.find((event) => "failed" in event);
      if (failed !== undefined) throw Object.assign(new Error(String(failed.message)), { code: failed.failed });
      if (this.hasEnded) throw new Error("the daemon has ended");
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  /** The numbers of the chunks that were asked for, in order. */
  get asked(): number[] {
    return this.events.flatMap(({ asked }) => (typeof asked === "number" ? [asked] : []));
  }

  async untilAsked(number: number): Promise<void> {
    await this.event(({ asked }) => asked === number);
  }

  /** Lets a chunk be fetched, or all of them. */
  give(number: number | "all"): void {
    this.process.stdin!.write(`${number}\n`);
  }

  async complete(): Promise<Event> {
    return this.event((event) => "complete" in event);
  }

  async ended(): Promise<void> {
    await this.#exit;
  }

  async kill(): Promise<void> {
    this.process.kill("SIGKILL");
    await this.#exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.hasEnded) this.process.kill("SIGTERM");
    const patience = setTimeout(() => this.process.kill("SIGKILL"), 5000);
    await this.#exit;
    clearTimeout(patience);
    // The plain tree after a promotion, or a dead mount.
    while (umount2(this.#mountpoint, MNT_DETACH) === 0);
    rmSync(this.#mountpoint, { recursive: true, force: true });
  }
}

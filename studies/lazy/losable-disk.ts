import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { readText } from "../../linux/proc/text-file.js";
import { packageRoot } from "../../package-root.js";

const program = join(packageRoot(), "bin/fusemeter.js");

/**
 * A disk that can lose its power: a loop device on an image that lies in a mount of our filesystem with a writeback cache. What was
 * written and not flushed is in that cache alone. When its daemon is stopped, nothing reaches the image below any more, and a copy of it
 * is the disk at that moment: without what was not flushed, except what the kernel has chosen to write back already.
 */
export class LosableDisk implements Disposable {
  readonly mountpoint: string;
  readonly #below: string;
  readonly #cached: string;
  readonly #device: string;
  readonly #daemon: ChildProcess;

  static async make(folder: string, sizeBytes: number): Promise<LosableDisk> {
    const [below, cached] = [join(folder, "below"), join(folder, "cached")];
    mkdirSync(below);
    mkdirSync(cached);
    writeFileSync(join(below, "image"), "");
    truncateSync(join(below, "image"), sizeBytes);
    const words = ["mount", "--writeback", "--transport", "device", below, cached];
    const daemon = spawn(process.execPath, [program, ...words], { stdio: ["ignore", "ignore", "pipe"] });
    await new Promise<void>((resolve, reject) => {
      daemon.stderr.on("data", (text: Buffer) => text.includes("is mounted on") && resolve());
      daemon.once("exit", () => reject(new Error("the disk's daemon has ended")));
    });
    return new LosableDisk(folder, below, cached, daemon);
  }

  private constructor(folder: string, below: string, cached: string, daemon: ChildProcess) {
    this.#below = below;
    this.#cached = cached;
    this.#daemon = daemon;
    this.#device = execaSync("losetup", ["--find", "--show", join(cached, "image")]).stdout;
    this.mountpoint = join(folder, "disk");
    mkdirSync(this.mountpoint);
    execaSync("mkfs.ext4", ["-q", this.#device]);
    execaSync("mount", [this.#device, this.mountpoint]);
  }

  /** Copies the image as it is after a power failure now. */
  loseInto(copy: string): void {
    this.#daemon.kill("SIGSTOP");
    try {
      while (!isStopped(this.#daemon.pid!));
      copyFileSync(join(this.#below, "image"), copy);
    } finally {
      this.#daemon.kill("SIGCONT");
    }
  }

  [Symbol.dispose](): void {
    execaSync("umount", ["-l", this.mountpoint], { reject: false });
    execaSync("losetup", ["--detach", this.#device], { reject: false });
    execaSync("umount", ["-l", this.#cached], { reject: false });
    this.#daemon.kill("SIGTERM");
  }
}

/** True if each thread of a process has stopped: one may be in a write until then. */
function isStopped(pid: number): boolean {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.every((thread) => /^State:\s+T/m.test(readText(`/proc/${pid}/task/${thread}/status`) ?? ""));
}

/** Mounts a copied image for a function, as the next boot would. */
export async function withCopy<T>(image: string, mountpoint: string, use: () => Promise<T>): Promise<T> {
  mkdirSync(mountpoint, { recursive: true });
  execaSync("mount", ["-o", "loop", image, mountpoint]);
  try {
    return await use();
  } finally {
    execaSync("umount", [mountpoint]);
  }
}

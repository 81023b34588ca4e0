import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execaSync } from "execa";

/** A block device of our own: its window may be changed without changing anybody's disk. */
export class LoopDevice implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "fusemeter-loop-"));
  /** For instance `/dev/loop3`. */
  readonly path: string;
  readonly name: string;
  /** Its readahead window. */
  readonly knob: string;
  #mountpoint: string | null = null;

  constructor(sizeBytes = 64 * 2 ** 20) {
    const image = join(this.#folder, "image");
    writeFileSync(image, "");
    truncateSync(image, sizeBytes);
    this.path = execaSync("losetup", ["--find", "--show", image]).stdout;
    this.name = basename(this.path);
    this.knob = `/sys/block/${this.name}/queue/read_ahead_kb`;
  }

  /** Makes a filesystem on it and mounts it; the directory. */
  mount(): string {
    const mountpoint = mkdtempSync(join(this.#folder, "mount-"));
    execaSync("mkfs.ext4", ["-q", this.path]);
    execaSync("mount", [this.path, mountpoint]);
    this.#mountpoint = mountpoint;
    return mountpoint;
  }

  [Symbol.dispose](): void {
    if (this.#mountpoint !== null) execaSync("umount", [this.#mountpoint]);
    execaSync("losetup", ["--detach", this.path]);
    rmSync(this.#folder, { recursive: true });
  }
}

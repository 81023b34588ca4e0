import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Random } from "./random.js";

/** Fills a directory with a tree of every kind of entry: many small files, a large one, links, a FIFO, a long name and attributes. */
export function plant(directory: string, { seed = 1, smallFiles = 60, largeBytes = 3_000_000 } = {}): void {
  const random = new Random(seed);
  mkdirSync(join(directory, "small/deep/er"), { recursive: true });
  for (let i = 0; i < smallFiles; i++) {
    const folder = random.of(["small", "small/deep", "small/deep/er"]);
    writeFileSync(join(directory, folder, `file-${i}`), random.bytes(random.below(20_000)), {
      mode: random.of([0o644, 0o755, 0o600]),
    });
  }
  writeFileSync(join(directory, "empty"), "");
  writeFileSync(join(directory, "large"), random.bytes(largeBytes));
  writeFileSync(join(directory, "zeros"), Buffer.alloc(700_000));
  writeFileSync(join(directory, "größe ☃ \n name"), "a name of several bytes");
  writeFileSync(join(directory, "n".repeat(255)), "a long name");
  mkdirSync(join(directory, `${"d".repeat(120)}/${"e".repeat(120)}`), { recursive: true });
  writeFileSync(join(directory, `${"d".repeat(120)}/${"e".repeat(120)}/file`), "a long path");
  linkSync(join(directory, "large"), join(directory, "small/link-to-large"));
  symlinkSync("../../outside/of/it", join(directory, "up"));
  symlinkSync(`/${"t".repeat(200)}`, join(directory, "absolute"));
  execFileSync("mkfifo", [join(directory, "fifo")]);
  execFileSync("touch", ["-d", "1969-07-20T20:17:40.123456789Z", join(directory, "empty")]);
}

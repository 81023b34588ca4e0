import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { scratch } from "../scratch.js";

/** Made by the package estargz of stargz-snapshotter 0.12.0 (Debian 12): chunks of 4 KiB, etc/b and bin/program prioritized. */
export const REAL = join(import.meta.dirname, "real-estargz.tar.gz");

/** The digest of its table of contents, as that package tells it. */
export const REAL_TOC = "sha256:155fd36f1113c531dfe149f6d1aa0a0c759a28a4e897a46a63ddf228a60e7a6c";

/** The tree that GNU tar extracts from it. */
export function realTree(): string {
  const tree = scratch();
  const excluded = ["--exclude=.prefetch.landmark", "--exclude=stargz.index.json"];
  const owned = ["--same-permissions", "--same-owner", "--delay-directory-restore"];
  execFileSync("tar", ["-C", tree, ...owned, ...excluded, "-xzf", REAL]);
  return tree;
}

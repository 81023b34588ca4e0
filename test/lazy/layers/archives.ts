import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { scratch } from "../scratch.js";
import { plant } from "../trees.js";

/** A planted tree and an archive of it by GNU tar. */
export interface Archived {
  readonly tree: string;
  readonly file: string;
}

/** Makes a tree and its archive. @param options of tar; @param sizes of the tree */
export function archived(name: string, options: readonly string[], sizes: Parameters<typeof plant>[1] = {}): Archived {
  const directory = scratch();
  const tree = join(directory, "tree");
  const file = join(directory, name);
  execFileSync("mkdir", [tree]);
  plant(tree, sizes);
  execFileSync("tar", ["-C", tree, ...options, "-cf", file, "."]);
  return { tree, file };
}

/** Compresses an archive by a program that writes to standard output. */
export function compressed(file: string, command: string, ...args: string[]): string {
  const packed = `${file}.${command}`;
  execFileSync("sh", ["-c", `${command} ${args.join(" ")} -c < "$1" > "$2"`, "sh", file, packed]);
  return packed;
}

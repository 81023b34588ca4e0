import { join } from "node:path";
import { must, run } from "./run.js";

/** Clones a repository, checks out its first and its last commit, collects garbage, and compares every file with its commit. */
export async function git(repository: string, place: string): Promise<void> {
  await run(place, "git", "clone", "-q", "--no-hardlinks", repository, "clone");
  const inClone = (...words: readonly string[]) => run(join(place, "clone"), "git", ...words);
  const head = await inClone("rev-parse", "HEAD");
  const [first] = (await inClone("rev-list", "--max-parents=0", "HEAD")).split("\n");
  await inClone("checkout", "-q", "--detach", first!);
  await inClone("checkout", "-q", head);
  await inClone("gc", "-q", "--aggressive", "--prune=now");
  await inClone("fsck", "--strict");
  must((await inClone("status", "--porcelain")) === "", "git status sees changes in a fresh checkout");
  // By content: git's belief about a file, by its times, is no proof.
  const entries = (await inClone("ls-tree", "-r", "-z", "HEAD")).split("\0");
  for (const entry of entries.filter((line) => line.startsWith("100"))) {
    const tab = entry.indexOf("\t");
    const name = entry.slice(tab + 1);
    const hash = await inClone("hash-object", "--no-filters", name);
    must(entry.slice(0, tab).endsWith(hash), `${name} differs from the commit`);
  }
}

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execaSync } from "execa";

/** Files of the repository that `git status` looks at, 50 a directory. */
const FILES = 3000;
const FILES_A_DIRECTORY = 50;

function git(directory: string, ...words: readonly string[]): void {
  execaSync("git", ["--no-optional-locks", ...words], { cwd: directory });
}

/** Makes a git repository whose index is up to date. */
export async function makeRepository(directory: string): Promise<void> {
  for (let index = 0; index < FILES; index++) {
    const below = join(directory, `directory${Math.floor(index / FILES_A_DIRECTORY)}`);
    if (index % FILES_A_DIRECTORY === 0) mkdirSync(below);
    writeFileSync(join(below, `file${index}`), `${index}\n`);
  }
  git(directory, "init", "-q");
  git(directory, "add", ".");
  git(directory, "-c", "user.name=x", "-c", "user.email=x", "commit", "-q", "-m", "x");
  // git reads a file that is as old as its index again, to see whether it has changed. This status refreshes the index.
  await sleep(1100);
  execaSync("git", ["status"], { cwd: directory });
}

/** One `git status`. @returns 1, the number of operations */
export function gitStatus(directory: string): number {
  git(directory, "status", "--porcelain");
  return 1;
}

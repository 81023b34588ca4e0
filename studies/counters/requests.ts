import { spawn } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { markdownTable } from "markdown-table";
import { mountAt } from "../../linux/mounts/mountinfo.js";
import { packageRoot } from "../../package-root.js";
import { countRequests } from "../../runners/counters/index.js";

/** Files in the directory that is worked on. */
const FILES = 1000;
const OPCODES = [
  "LOOKUP",
  "GETATTR",
  "READLINK",
  "OPEN",
  "READ",
  "FLUSH",
  "RELEASE",
  "OPENDIR",
  "READDIR",
  "READDIRPLUS",
  "RELEASEDIR",
];

const cacheModes: Readonly<Record<string, readonly string[]>> = {
  none: ["--cache", "none"],
  bounded: ["--cache", "bounded", "--cache-seconds", "60"],
  full: ["--cache", "full"],
};

/** Work on a directory. Each is done three times, and the requests of the first and the third are counted. */
const storms: Readonly<Record<string, (directory: string) => void>> = {
  "stat of a file": (directory) => each((name) => statSync(join(directory, name))),
  "stat of a name that is missing": (directory) =>
    each((name) => statSync(join(directory, `no-${name}`), { throwIfNoEntry: false })),
  readlink: (directory) => each((name) => readlinkSync(join(directory, "links", name))),
  "open, read 4 KiB, close": (directory) => each((name) => readFileSync(join(directory, name))),
  "a listing of 1000 names": (directory) => readdirSync(directory),
};

function each(work: (name: string) => void): void {
  for (let index = 0; index < FILES; index++) work(`file-${index}`);
}

const folder = mkdtempSync(join(tmpdir(), "fusemeter-bench-"));
const [source, mountpoint] = [join(folder, "source"), join(folder, "mountpoint")];

/** Mounts, works, and unmounts: the requests of the first time and of the third. */
async function requestsOf(words: readonly string[], work: (directory: string) => void): Promise<[string, string]> {
  const daemon = spawn(process.execPath, [join(packageRoot(), "bin/fusemeter.js"), "mount", ...words, source, mountpoint], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise((resolve) => daemon.once("exit", resolve));
  await new Promise((resolve) => daemon.stderr.once("data", resolve));
  const counters = countRequests(mountAt(mountpoint)!.minor, OPCODES);
  try {
    const counted = () => {
      const before = counters.read().requests ?? {};
      work(mountpoint);
      const after = counters.read().requests ?? {};
      return text(OPCODES.map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)]));
    };
    const first = counted();
    work(mountpoint);
    return [first, counted()];
  } finally {
    counters[Symbol.dispose]();
    daemon.kill("SIGTERM");
    await ended;
  }
}

function text(counts: readonly (readonly [string, number])[]): string {
  const some = counts.filter(([, count]) => count > 0);
  return some.length === 0 ? "none" : some.map(([name, count]) => `${count} ${name}`).join(", ");
}

try {
  mkdirSync(join(source, "links"), { recursive: true });
  mkdirSync(mountpoint);
  each((name) => {
    writeFileSync(join(source, name), Buffer.alloc(4096, 1));
    symlinkSync(name, join(source, "links", name));
  });
  for (const mode of ["daemon", "passthrough"]) {
    const rows: string[][] = [];
    for (const [storm, work] of Object.entries(storms)) {
      for (const [cache, words] of Object.entries(cacheModes)) {
        console.error(`requests: ${mode}, ${storm}, ${cache}`);
        rows.push([storm, cache, ...(await requestsOf(["--mode", mode, ...words], work))]);
      }
    }
    console.log(`Requests to the daemon in ${mode} mode, of ${FILES} operations (of 1 listing), the first time and the third.\n`);
    console.log(`${markdownTable([["operation", "--cache", "first", "third"], ...rows])}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

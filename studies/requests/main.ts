import { symlinkSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { markdownTable } from "markdown-table";
import { connectionAt } from "../../linux/mounts/mountinfo.js";
import { countRequests } from "../../runners/counters/index.js";
import { makeWorkspace } from "../../runners/files/index.js";
import { type OperationStorm, storms } from "../../runners/loads/index.js";
import { type Folders, ourBackend, serveFolders } from "../our-mount.js";
import { untilEnded } from "../until-ended.js";

/** Files in the directory that is worked on. */
const FILES = 1000;
const names = Array.from({ length: FILES }, (_, index) => `file-${index}`);

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

const cacheModes: Readonly<Record<string, string>> = {
  none: "--cache none",
  bounded: "--cache bounded --cache-seconds 60",
  full: "--cache full",
};

const rowStorms: Readonly<Record<string, OperationStorm>> = {
  "stat of a file": storms.stat,
  "stat of a name that is missing": storms.statOfMissing,
  readlink: (directory, names) => storms.readlink(join(directory, "links"), names),
  "open, read 4 KiB, close": storms.readFile,
  "a listing of 1000 names": storms.readdir,
};

/** Requests by opcode, in one line. */
function text(counts: readonly (readonly [string, number])[]): string {
  const some = counts.filter(([, count]) => count > 0);
  return some.length === 0 ? "none" : some.map(([name, count]) => `${count} ${name}`).join(", ");
}

/** Runs a storm three times on a fresh mount: the requests of the first time and of the third. */
async function requestsOf(
  words: string,
  folders: Folders,
  storm: OperationStorm,
  signal: AbortSignal,
): Promise<[string, string]> {
  await using mount = await serveFolders(ourBackend(words), folders, signal);
  using counters = countRequests(connectionAt(folders.mountpoint)!, OPCODES);
  const read = () => {
    const { requests, reason } = counters.read();
    if (requests === null) throw new Error(`no requests can be counted: ${reason}`);
    return requests;
  };
  const counted = () => {
    const before = read();
    storm(mount.path, names);
    const after = read();
    return text(OPCODES.map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)]));
  };
  const first = counted();
  storm(mount.path, names);
  return [first, counted()];
}

await untilEnded(async (signal) => {
  await using workspace = await makeWorkspace(tmpdir());
  const links = join(workspace.source, "links");
  await mkdir(links);
  for (const name of names) {
    writeFileSync(join(workspace.source, name), Buffer.alloc(4096, 1));
    symlinkSync(name, join(links, name));
  }
  for (const mode of ["daemon", "passthrough"]) {
    const rows: string[][] = [];
    for (const [name, storm] of Object.entries(rowStorms)) {
      for (const [cache, words] of Object.entries(cacheModes)) {
        console.error(`requests: ${mode}, ${name}, ${cache}`);
        rows.push([name, cache, ...(await requestsOf(`--mode ${mode} ${words}`, workspace, storm, signal))]);
      }
    }
    console.log(`Requests to the daemon in ${mode} mode, of ${FILES} operations (of 1 listing), the first time and the third.\n`);
    console.log(`${markdownTable([["operation", "--cache", "first", "third"], ...rows])}\n`);
  }
  return 0;
});

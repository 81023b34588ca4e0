// `npm run metadata -- --other 'passthrough_hp --foreground --nopassthrough {source} {mountpoint}' [--rounds N] [--files N]`
// Storms of small operations on our mount and on another daemon's, in turns: the median of each storm's rate and of the ratio.
import { spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
  statfsSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { scratch } from "./scratch.mjs";
import { root, setUp } from "./setup.mjs";

const { values } = parseArgs({
  options: {
    other: { type: "string" },
    rounds: { type: "string", default: "5" },
    files: { type: "string", default: "3000" },
    options: { type: "string", default: "--mode daemon" },
  },
});
const files = Number(values.files);
/** Files of the repository that `git status` looks at, 50 a directory. */
const REPOSITORY_FILES = 3000;
const name = (directory, kind, index) => join(directory, `${kind}${index}`);

function git(directory, ...words) {
  const { status, stderr } = spawnSync("git", ["--no-optional-locks", ...words], { cwd: directory, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${words.join(" ")}: ${stderr}`);
}

function makeRepository(directory) {
  for (let index = 0; index < REPOSITORY_FILES; index++) {
    const below = join(directory, `directory${Math.floor(index / 50)}`);
    if (index % 50 === 0) mkdirSync(below);
    writeFileSync(join(below, `file${index}`), `${index}\n`);
  }
  git(directory, "init", "-q");
  git(directory, "add", ".");
  git(directory, "-c", "user.name=x", "-c", "user.email=x", "commit", "-q", "-m", "x");
  // A file as old as the index would be read to see whether it has changed.
  spawnSync("sh", ["-c", "sleep 1.1; git status >/dev/null"], { cwd: directory });
}

const DATA = "data";
const BLOCK_BYTES = 4096;
const DATA_BLOCKS = 16384;

/** Each block of a file once, in an order that jumps: how many. */
const blocks = (flags, of) => (at) => {
  const fd = openSync(join(at, DATA), flags);
  const block = Buffer.alloc(BLOCK_BYTES, 1);
  for (let index = 0; index < DATA_BLOCKS; index++) of(fd, block, ((index * 7919) % DATA_BLOCKS) * BLOCK_BYTES);
  closeSync(fd);
  return DATA_BLOCKS;
};

const each = (of) => (at) => {
  for (let index = 0; index < files; index++) of(at, index);
  return files;
};
const stat = each((at, index) => statSync(name(at, "f", index)));
const gitStatus = (at) => {
  git(at, "status", "--porcelain");
  return 1;
};

/**
 * What is done, in this order, and how many operations it was. "first" is on a fresh mount, over files that are there; "again" is at once,
 * "later" when a second has passed, which is how long our attributes hold.
 */
const storms = {
  create: each((at, index) => closeSync(openSync(name(at, "f", index), "wx"))),
  "stat, first": stat,
  "stat, again": stat,
  "stat, later": stat,
  "readdir, first": (at) => readdirSync(at).length,
  "readdir, again": (at) => readdirSync(at).length,
  "readdir and stat, first": (at) => {
    readdirSync(at);
    return stat(at);
  },
  "readdir and stat, later": (at) => {
    readdirSync(at);
    return stat(at);
  },
  "open, read, close": each((at, index) => {
    const fd = openSync(name(at, "f", index));
    readSync(fd, Buffer.alloc(100));
    closeSync(fd);
  }),
  rename: each((at, index) => renameSync(name(at, "f", index), name(at, "g", index))),
  unlink: each((at, index) => unlinkSync(name(at, "g", index))),
  "read 4 KiB, first": blocks("r", (fd, block, offset) => readSync(fd, block, 0, BLOCK_BYTES, offset)),
  "write 4 KiB": blocks("r+", (fd, block, offset) => writeSync(fd, block, 0, BLOCK_BYTES, offset)),
  "git status, first": gitStatus,
  "git status, again": gitStatus,
  "git status, later": gitStatus,
};

const isMounted = (path) => readFileSync("/proc/self/mountinfo", "utf8").includes(` ${path} `);

/** How long a daemon has to start all of its threads. */
const SETTLE_MS = 1000;

/** How long a daemon may go on once its mount is gone. */
const LINGER_MS = 10_000;

async function onMount(command, source, work) {
  const mountpoint = mkdtempSync(join(folder, "mount-"));
  const words = command.split(" ").map((word) => word.replace("{source}", source).replace("{mountpoint}", mountpoint));
  const daemon = spawn(words[0], words.slice(1), { stdio: "ignore" });
  const ended = new Promise((resolve) => daemon.on("exit", resolve).on("error", resolve));
  try {
    for (let tries = 0; !isMounted(mountpoint); tries++) {
      if (tries > 500 || daemon.exitCode !== null || daemon.pid === undefined) throw new Error(`${command} does not mount`);
      signal.throwIfAborted();
      await sleep(20);
    }
    // Answered by the daemon, and kept by nobody: now it serves.
    statfsSync(mountpoint);
    // Threads that still start would share the cores with the first storm.
    await sleep(SETTLE_MS);
    return await work(mountpoint);
  } finally {
    const { status, stderr } = spawnSync("umount", [mountpoint], { encoding: "utf8" });
    if (status !== 0 && isMounted(mountpoint)) console.error(stderr.trim());
    const went = await Promise.race([ended.then(() => true), sleep(LINGER_MS, false, { ref: false })]);
    if (!went) {
      console.error(`${words[0]} (${daemon.pid}) did not end with its mount: killed`);
      daemon.kill("SIGKILL");
      await ended;
      spawnSync("umount", [mountpoint]);
    }
    rmdirSync(mountpoint);
  }
}

/** The storms on mounts of a fresh source: operations a second. "first" begins another mount. */
async function rates(command) {
  const [source, repository] = [mkdtempSync(join(folder, "source-")), mkdtempSync(join(folder, "repository-"))];
  const result = {};
  const parts = [];
  for (const storm of Object.keys(storms)) {
    if (parts.length === 0 || storm.endsWith("first")) parts.push([]);
    parts.at(-1).push(storm);
  }
  try {
    makeRepository(repository);
    writeFileSync(join(source, DATA), Buffer.alloc(DATA_BLOCKS * BLOCK_BYTES, 1));
    for (const part of parts) {
      await onMount(command, part[0].startsWith("git") ? repository : source, async (mountpoint) => {
        for (const storm of part) {
          signal.throwIfAborted();
          if (storm.endsWith("later")) await sleep(1100);
          const start = performance.now();
          const operations = storms[storm](mountpoint);
          result[storm] = (operations / (performance.now() - start)) * 1000;
        }
      });
    }
    return result;
  } finally {
    for (const directory of [source, repository]) rmSync(directory, { recursive: true });
  }
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

setUp();
const { folder, signal, within } = scratch("fusemeter-metadata-");
const ours = `${process.execPath} ${join(root, "bin/fusemeter.js")} mount ${values.options} {source} {mountpoint}`;
const commands = values.other === undefined ? { ours } : { ours, other: values.other };
const seen = Object.fromEntries(Object.keys(commands).map((who) => [who, []]));
await within(async () => {
  const startedMs = performance.now();
  const rounds = Number(values.rounds);
  for (let round = 0; round < rounds; round++) {
    const order = Object.entries(commands);
    for (const [who, command] of round % 2 === 0 ? order : order.reverse()) seen[who].push(await rates(command));
    const seconds = (performance.now() - startedMs) / 1000;
    const left = (seconds / (round + 1)) * (rounds - round - 1);
    console.error(`round ${round + 1} of ${rounds} after ${seconds.toFixed(0)} s, about ${left.toFixed(0)} s left`);
  }
  for (const storm of Object.keys(storms)) {
    const digits = storm.startsWith("git") ? 1 : 0;
    const rate = (who) => `${who} ${median(seen[who].map((each) => each[storm])).toFixed(digits)}/s`;
    const ratios = seen.ours.map((each, round) => each[storm] / (seen.other?.[round][storm] ?? Number.NaN));
    const ratio =
      seen.other === undefined
        ? ""
        : `  ratio ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}, n ${ratios.length})`;
    console.log(`${storm.padEnd(24)} ${Object.keys(commands).map(rate).join("  ")}${ratio}`);
  }
});

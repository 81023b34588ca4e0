// `npm run conformance -- --pjdfstest DIR [--fsx PROGRAM] [--programs DIR] [--xfstests DIR] [--modes …] [--transports …] [--only TEXT]`
// Runs conformance programs that are built elsewhere, and everyday ones, on mounts in each mode, and on the bare source beside it. What fails
// on a mount and not on the bare source, and is not expected to, is a failure.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { programs } from "./programs.mjs";
import { root, setUp } from "./setup.mjs";
import { xfstests } from "./xfstests.mjs";

const usage = `usage: npm run conformance -- --pjdfstest DIR | --fsx PROGRAM | --programs DIR | --xfstests DIR
  --pjdfstest DIR     a built pjdfstest: its folder, with tests/ and the program
  --fsx PROGRAM       fsx, of xfstests or LTP
  --operations N      how many operations fsx does (default 100000)
  --programs DIR      git (a clone of the repository DIR, checkout, gc, fsck), make, SQLite, fio --verify
  --xfstests DIR      a built xfstests: its folder, with check
  --groups LIST       which of its generic tests (default "quick,rw,auto&metadata": in quick, in rw, in both auto and metadata)
  --tests LIST        these instead: generic/001,generic/002
  --part N/M          only every M-th of its tests, from the N-th on: parts can run side by side
  --time-limit N      seconds that each of its tests may take (default 240)
  --results FILE      where its results go, and which of them are there already
  --minutes N         begins no further test of it after that time
  --modes LIST        default daemon,passthrough
  --transports LIST   default device
  --only TEXT         pjdfstest: only files whose path has TEXT in it`;

function options() {
  try {
    const { values } = parseArgs({
      options: {
        pjdfstest: { type: "string" },
        fsx: { type: "string" },
        operations: { type: "string", default: "100000" },
        programs: { type: "string" },
        xfstests: { type: "string" },
        groups: { type: "string", default: "quick,rw,auto&metadata" },
        tests: { type: "string" },
        part: { type: "string", default: "1/1" },
        "time-limit": { type: "string", default: "240" },
        results: { type: "string" },
        minutes: { type: "string", default: "10000" },
        modes: { type: "string", default: "daemon,passthrough" },
        transports: { type: "string", default: "device" },
        only: { type: "string", default: "" },
      },
    });
    if ([values.pjdfstest, values.fsx, values.programs, values.xfstests].some((program) => program !== undefined)) return values;
  } catch (error) {
    console.error(error.message);
  }
  console.error(usage);
  process.exit(2);
}

/** Failures that are known and can't be helped: lines "path number reason". None is best. */
function expectedFailures() {
  const text = readFileSync(join(root, "test/conformance/expected-failures.txt"), "utf8");
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Set(lines.map((line) => line.split(" ").slice(0, 2).join(" ")));
}

/** Runs one test file in a directory of its own: how many tests, and which failed. What is marked TODO may fail. */
function runTestFile(file, directory) {
  const { stdout } = spawnSync("sh", [file], { cwd: directory, encoding: "utf8", maxBuffer: 1 << 28 });
  const lines = stdout.split("\n");
  const planned = Number(/^1\.\.(\d+)/m.exec(stdout)?.[1] ?? 0);
  const done = lines.filter((line) => /^(not )?ok \d+/.test(line)).length;
  const failed = lines.filter((line) => /^not ok \d+/.test(line) && !/# TODO/i.test(line)).map((line) => line.split(" ")[2]);
  if (done < planned) failed.push(`${done + 1}-${planned}`);
  return { count: planned, failed };
}

function pjdfstest(folder, only, directory) {
  const tests = join(folder, "tests");
  const files = readdirSync(tests, { recursive: true })
    .filter((file) => file.endsWith(".t") && file.includes(only))
    .sort();
  let count = 0;
  const failures = new Set();
  for (const [index, file] of files.entries()) {
    if (process.stderr.isTTY) process.stderr.write(`\r${index + 1}/${files.length} ${file.padEnd(40)}`);
    const place = join(directory, `test-${index}`);
    mkdirSync(place, { mode: 0o755 });
    const result = runTestFile(join(tests, file), place);
    spawnSync("chattr", ["-R", "-ia", place], { stdio: "ignore" });
    rmSync(place, { recursive: true, force: true });
    count += result.count;
    for (const number of result.failed) failures.add(`${relative(tests, join(tests, file))} ${number}`);
  }
  if (process.stderr.isTTY) process.stderr.write("\r");
  return { count, failures };
}

function fsx(program, operations, directory) {
  const runs = { "fsx buffered": [], "fsx direct": ["-Z", "-r", "4096", "-w", "4096", "-t", "4096", "-R", "-W"] };
  const failures = new Set();
  for (const [name, words] of Object.entries(runs)) {
    const file = join(directory, "fsx");
    const { status, stdout } = spawnSync(program, ["-q", "-N", operations, ...words, file], { encoding: "utf8" });
    if (status !== 0) failures.add(`${name} (${stdout.trim().split("\n").at(-1)})`);
    rmSync(file, { force: true });
  }
  return { count: Object.keys(runs).length, failures };
}

/** Mounts `source`, runs `work` on the mount, unmounts. */
async function onMount(source, mode, transport, work) {
  const mountpoint = mkdtempSync(join(tmpdir(), "fusemeter-conformance-"));
  const words = ["mount", "--mode", mode, "--transport", transport, "-o", "allow_other,default_permissions", source, mountpoint];
  const daemon = spawn(process.execPath, [join(root, "bin/fusemeter.js"), ...words], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((resolve) => daemon.on("exit", resolve));
  let said = "";
  const mounted = new Promise((resolve) =>
    daemon.stderr.on("data", (text) => {
      said += text;
      if (said.includes("is mounted on")) resolve(true);
    }),
  );
  const up = await Promise.race([mounted, ended.then(() => false)]);
  try {
    if (!up) throw new Error(said.trim());
    return work(mountpoint);
  } finally {
    daemon.kill("SIGTERM");
    await ended;
    rmdirSync(mountpoint);
  }
}

const asked = options();
setUp();
if (process.getuid() !== 0) {
  console.error("the conformance programs need root");
  process.exit(3);
}
const work = (directory) => {
  const results = [];
  if (asked.pjdfstest !== undefined) results.push(pjdfstest(asked.pjdfstest, asked.only, directory));
  if (asked.fsx !== undefined) results.push(fsx(asked.fsx, asked.operations, directory));
  if (asked.programs !== undefined) results.push(programs(resolve(asked.programs), directory, source));
  return {
    count: results.reduce((sum, { count }) => sum + count, 0),
    failures: new Set(results.flatMap(({ failures }) => [...failures])),
  };
};
const modes = asked.modes.split(",");
const transports = asked.transports.split(",");
const expected = expectedFailures();
if (asked.xfstests !== undefined) {
  const { xfstests: folder, groups, tests: only, part, results } = asked;
  const [seconds, minutes] = [Number(asked["time-limit"]), Number(asked.minutes)];
  for (const { way, text, failures } of xfstests({ folder, groups, only, part, modes, transports, seconds, minutes, results })) {
    console.log(`xfstests, ${way}: ${text}`);
    for (const { test, about } of failures) {
      const known = expected.has(`xfstests ${test}`);
      console.log(known ? `  expected: ${test}` : `  not expected: ${test}: ${about}`);
      if (!known) process.exitCode = 1;
    }
  }
  if ([asked.pjdfstest, asked.fsx, asked.programs].every((program) => program === undefined)) process.exit();
}
const source = mkdtempSync(join(tmpdir(), "fusemeter-conformance-"));
try {
  // Tests act as other users, who must get here.
  spawnSync("chmod", ["755", source]);
  const bare = work(source);
  console.log(`bare source: ${bare.count} tests, ${bare.failures.size} fail`);
  for (const mode of modes) {
    for (const transport of transports) {
      const { count, failures } = await onMount(source, mode, transport, work);
      const own = [...failures].filter((failure) => !bare.failures.has(failure));
      const unexpected = own.filter((failure) => !expected.has(failure));
      console.log(`${mode} over ${transport}: ${count} tests, ${own.length} fail that the bare source passes`);
      for (const failure of unexpected) console.log(`  not expected: ${failure}`);
      if (unexpected.length > 0) process.exitCode = 1;
    }
  }
} finally {
  rmSync(source, { recursive: true, force: true });
}

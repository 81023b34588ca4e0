// xfstests on mounts of ours: `npm run conformance -- --xfstests DIR`. Each test runs in a check of its own, in its own pid and
// mount namespace, so that one that hangs takes its processes, mounts and daemons with it when its time is over.
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./setup.mjs";

/** Generic tests that are in one of the groups; "auto&metadata": in both. */
function testsOf(folder, groups) {
  const lines = readFileSync(join(folder, "tests/generic/group.list"), "utf8").split("\n");
  const wanted = groups.split(",").map((group) => group.split("&"));
  return lines
    .filter((line) => /^\d/.test(line))
    .map((line) => line.split(" "))
    .filter(([, ...its]) => wanted.some((all) => all.every((group) => its.includes(group))))
    .map(([number]) => `generic/${number}`);
}

/** What the devices are called, and the sources: no path that mount(8) would make a real one of. */
const [TEST, SCRATCH] = ["fusemeter-test", "fusemeter-scratch"];

/** Where the daemons' standard error goes. */
const LOG = "daemon.log";

/** What mount(8) runs, by the path that is the type's subtype: it returns when the mount is there. */
const helper = ({ place, mode, transport }) => `#!/bin/sh
device=$1 mountpoint=$2 options=$4
case ,$options, in *,remount,*) exec mount -i -o "$options" "$mountpoint" ;; esac
mounts() { grep -c " $mountpoint " /proc/self/mountinfo; }
before=$(mounts)
${process.execPath} ${join(root, "bin/fusemeter.js")} mount --mode ${mode} --transport ${transport} -o "fsname=$device,$options" \\
  ${place}/$device "$mountpoint" </dev/null >/dev/null 2>>${place}/${LOG} &
while [ "$(mounts)" = "$before" ]; do kill -0 $! 2>/dev/null || exit 32; sleep 0.02; done
`;

/** xfstests knows the type `fuse` alone, without a subtype. */
const df = `#!/bin/sh
exec /bin/df "$@" | sed 's/fuse\\.fusemeter/fuse/'
`;

const configuration = (place) => `export TEST_DEV=${TEST}
export TEST_DIR=${place}/on-test
export SCRATCH_DEV=${SCRATCH}
export SCRATCH_MNT=${place}/on-scratch
export RESULT_BASE=${place}/results
export FSTYP=fuse
export FUSE_SUBTYP=.${place}/bin/fusemeter
export MOUNT_OPTIONS="-oallow_other,default_permissions"
export TEST_FS_MOUNT_OPTS="-oallow_other,default_permissions"
`;

function prepare(place, mode, transport) {
  for (const name of [TEST, SCRATCH, "on-test", "on-scratch", "results", "bin"])
    mkdirSync(join(place, name), { recursive: true });
  chmodSync(place, 0o755);
  writeFileSync(join(place, "configuration"), configuration(place));
  writeFileSync(join(place, "bin/fusemeter"), helper({ place, mode, transport }), { mode: 0o755 });
  writeFileSync(join(place, "bin/df"), df, { mode: 0o755 });
}

/** Runs one test: "passed", "not run" or "failed", and a few words about it. */
function runTest(folder, place, test, seconds) {
  const isolated = ["--pid", "--mount", "--fork", "--kill-child", "--mount-proc"];
  // check names its temporary files by its pid: no two namespaces may begin with the same.
  writeFileSync(join(place, LOG), "");
  const check = `echo ${process.pid % 30_000} > /proc/sys/kernel/ns_last_pid; ./check -fuse ${test}; exit $?`;
  const env = { ...process.env, HOST_OPTIONS: join(place, "configuration"), PATH: `${place}/bin:${process.env.PATH}` };
  const { stdout, signal } = spawnSync("unshare", [...isolated, "sh", "-c", check], {
    cwd: folder,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: seconds * 1000,
    killSignal: "SIGKILL",
    maxBuffer: 1 << 28,
  });
  if (signal !== null) return { outcome: "failed", about: `not done in ${seconds} s` };
  const notRun = new RegExp(`^${test}.*\\[not run\\] (.*)$`, "m").exec(stdout);
  if (notRun !== null) return { outcome: "not run", about: notRun[1] };
  if (/^Passed all/m.test(stdout)) return { outcome: "passed", about: "" };
  const about = differences(folder, place, test) ?? stdout.slice(-300).replaceAll("\n", " | ");
  return { outcome: "failed", about: `${about} ${complaints(place)}`.trim() };
}

/** What a test should not have said, and should have: the first lines of it. Null where that is not why it failed. */
function differences(folder, place, test) {
  const outputs = [join(folder, "tests", `${test}.out`), join(place, "results", `${test}.out.bad`)];
  if (!outputs.every((file) => existsSync(file))) return null;
  const { stdout } = spawnSync("diff", outputs, { encoding: "utf8" });
  return stdout.split("\n").slice(0, 12).join(" | ").slice(0, 600);
}

/** What daemons said but that they serve. */
function complaints(place) {
  const lines = readFileSync(join(place, LOG), "utf8").split("\n");
  return [...new Set(lines.filter((line) => line !== "" && !line.includes("is mounted on")))]
    .slice(0, 3)
    .join(" | ")
    .slice(0, 400);
}

/** Some tests fill the disk, and leave that to the next. */
function emptyScratch(place) {
  const scratch = join(place, SCRATCH);
  spawnSync("chattr", ["-R", "-ia", scratch], { stdio: "ignore" });
  for (const name of readdirSync(scratch)) rmSync(join(scratch, name), { recursive: true, force: true });
}

/** The results so far: lines "mode transport test outcome about", with tabs between. */
function readResults(file) {
  if (file === undefined || !existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => line.split("\t"));
}

/**
 * Runs what the results file does not have yet, each test in all modes before the next: a summary line and the failures, by mode
 * and transport. What a test asks for and does not find (a block device, fiemap, reflinks) is FUSE's to lack: it is asked in one mode.
 */
export function xfstests({ folder, groups, only, part, modes, transports, seconds, minutes, results }) {
  const end = Date.now() + minutes * 60_000;
  const tests = only === undefined ? testsOf(folder, groups) : only.split(",");
  const rows = readResults(results);
  const ways = modes.flatMap((mode) => transports.map((transport) => ({ mode, transport })));
  const places = ways.map(({ mode, transport }) => {
    const place = mkdtempSync(join(tmpdir(), "fusemeter-xfstests-"));
    prepare(place, mode, transport);
    return place;
  });
  try {
    const [nth, of] = part.split("/").map(Number);
    for (const test of tests.filter((_, index) => index % of === nth - 1)) {
      for (const [way, { mode, transport }] of ways.entries()) {
        const its = rows.filter((row) => row[2] === test);
        if (its.some((row) => row[0] === mode && row[1] === transport) || Date.now() > end) continue;
        const lacking = its.find((row) => row[3] === "not run");
        const { outcome, about } =
          lacking === undefined
            ? runTest(folder, places[way], test, seconds)
            : { outcome: "not run", about: `${lacking[4]} (asked in ${lacking[0]} mode)` };
        emptyScratch(places[way]);
        rows.push([mode, transport, test, outcome, about]);
        if (results !== undefined) appendFileSync(results, `${rows.at(-1).join("\t")}\n`);
      }
    }
  } finally {
    for (const place of places) rmSync(place, { recursive: true, force: true });
  }
  return summary(rows, tests, ways);
}

function summary(rows, tests, ways) {
  return ways.map(({ mode, transport }) => {
    const its = rows.filter(
      ([itsMode, itsTransport, test]) => itsMode === mode && itsTransport === transport && tests.includes(test),
    );
    const of = (outcome) => its.filter((row) => row[3] === outcome);
    return {
      way: `${mode} over ${transport}`,
      text: `${tests.length} tests: ${of("passed").length} pass, ${of("failed").length} fail, ${of("not run").length} do not apply, ${tests.length - its.length} not reached`,
      failures: of("failed").map(([, , test, , about]) => ({ test, about })),
    };
  });
}

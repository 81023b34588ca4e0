import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { attachCounters, type CounterSet, type ProcessCounters } from "../../../runners/counters/process-counters.js";
import { makeTestFile } from "../../../runners/files/test-data.js";
import { runFio } from "../../../runners/loads/fio/index.js";
import { startStopped } from "../../../runners/processes/stopped-process.js";

const folder = mkdtempSync(join(tmpdir(), "fusemeter-test-counters-"));
const file = join(folder, "data");
const sizeBytes = 16 * 1024 * 1024;
const blocks = sizeBytes / 4096;

beforeAll(() => makeTestFile(file, sizeBytes));
afterAll(() => rmSync(folder, { recursive: true }));

/** Our counts of a command, from its exec to its end. */
async function count(command: readonly [string, ...string[]], set: CounterSet, scope: "tree" | "children" = "tree") {
  await using process = await startStopped(command);
  using counters = attachCounters(process.pid, set, scope);
  process.resume();
  const { exitCode } = await process.ended;
  expect(exitCode).toBe(0);
  return counters.read();
}

/** strace(1)'s counts of the same command: calls by name. */
async function trace(command: readonly [string, ...string[]]): Promise<Record<string, number>> {
  const output = join(folder, "strace");
  await using process = await startStopped(["strace", "-f", "-c", "-U", "calls,name", "-o", output, ...command]);
  process.resume();
  await process.ended;
  const lines = readFileSync(output, "utf8").matchAll(/^ *(\d+) +(\w+)$/gm);
  return Object.fromEntries([...lines].map(([, calls, name]) => [name!, Number(calls)]));
}

const fill = (...words: string[]) => ["dd", `if=${file}`, "of=/dev/null", "status=none", ...words] as const;

test.each([
  ["reads and writes of dd", fill("bs=4k"), 1],
  ["a shell and its children", ["sh", "-c", `dd if=${file} of=/dev/null bs=64k status=none; cat ${file} >/dev/null; :`], 3],
] as const)("system calls by name are those of strace: %s", async (_, command, processes) => {
  const { total = 0, ...traced } = await trace([...command]);
  const counted = await count([...command], "counted");
  expect(counted.reasons).toEqual({});
  const { other = 0, ...named } = counted.syscallsByName!;
  for (const [name, calls] of Object.entries(named)) expect([name, calls]).toEqual([name, traced[name]]);
  expect(Object.values(named).reduce((sum, calls) => sum + calls, other)).toBe(counted.syscalls);
  // Calls that never return are not in strace's table, one a process; the first exec is not in ours, which start with it.
  expect(counted.syscalls).toBe(total - 1 + processes);
});

test("dd reads each block and once more for the end, and writes each block", async () => {
  const { syscallsByName } = await count([...fill("bs=4k")], "counted");
  const without = await count([...fill("bs=4k", "count=0")], "counted");
  expect(syscallsByName!.read! - without.syscallsByName!.read!).toBe(blocks + 1);
  expect(syscallsByName!.write).toBe(blocks);
});

test.each([1, 3])("fio's reads, less the job of one read each, are 1.00 system call a read: %i processes", async (numjobs) => {
  const run = async (ioBytes: number) => {
    const counters: ProcessCounters[] = [];
    const rw = "randread" as const;
    await runFio(
      { name: "x", filenames: [file], rw, blockSizeBytes: 4096, sizeBytes, numjobs, ioBytes, randomSeed: 1 },
      { beforeExec: (pid) => counters.push(attachCounters(pid, "counted", "children")) },
    );
    using attached = counters[0]!;
    return attached.read();
  };
  const [whole, fixed] = [await run(sizeBytes), await run(4096)];
  expect(whole.syscallsByName!.pread64).toBe(numjobs * blocks);
  expect(fixed.syscallsByName!.pread64).toBe(numjobs);
  expect(Math.abs((whole.syscalls! - fixed.syscalls!) / (numjobs * (blocks - 1)) - 1)).toBeLessThan(0.005);
  // fio's main process sleeps and polls while the job runs; the job itself doesn't.
  expect(whole.syscallsByName).not.toHaveProperty("clock_nanosleep");
});

/** Debian's perl-base is everywhere; its `syscall` and `unpack "P"` reach the kernel and raw memory. */
const perl = (script: string, ...words: (number | string)[]) => ["perl", "-e", script, ...words.map(String)] as const;

/** Reads one byte of each page of fresh anonymous memory, with huge pages off: one user page fault a page. */
const [prctl, mmap] = process.arch === "arm64" ? [167, 222] : [157, 9];
const touchPages = `
  my $pages = shift;
  syscall(${prctl}, 41, 1, 0, 0, 0);                             # PR_SET_THP_DISABLE
  my $memory = syscall(${mmap}, 0, 4096 * 100000, 3, 0x22, -1, 0); # private, anonymous
  unpack("P1", pack("J", $memory + 4096 * $_)) for 0 .. $pages - 1;
`;

test("user page faults are one for each page touched first", async () => {
  const pages = 50_000;
  const run = async (touched: number) => {
    const command = perl(touchPages, touched);
    return (await count([...command], "counted")).userPageFaults!;
  };
  const faults = (await run(pages)) - (await run(0));
  // The loader's own faults differ by a few with where things are mapped.
  expect(Math.abs(faults - pages)).toBeLessThan(20);
});

/** The kernel's own figures of a process and its ended children: getrusage(2), as switches and CPU seconds. */
const printUsage = `
  sub usage { my $bytes = "\\0" x 144; syscall(${process.arch === "arm64" ? 165 : 98}, $_[0], $bytes); unpack("q18", $bytes) }
  my ($switches, $seconds);
  for my $who (0, -1) {
    my @usage = usage($who);
    $switches += $usage[16] + $usage[17];
    $seconds += $usage[0] + $usage[2] + ($usage[1] + $usage[3]) / 1e6;
  }
  print "$switches $seconds";
`;

/** Two processes on one CPU that pass a byte to and fro: each waits for the other, so each pass is a switch. */
const pingPong = `
  my $rounds = shift;
  pipe(my $ra, my $wa); pipe(my $rb, my $wb);
  my $byte = "x";
  if (!fork) { for (1 .. $rounds) { sysread $ra, $byte, 1; syswrite $wb, $byte } exit }
  for (1 .. $rounds) { syswrite $wa, $byte; sysread $rb, $byte, 1 }
  wait;
  ${printUsage}
`;

test.each([
  ["timed", "children", ["sh", "-c", '"$@"; :', "sh"]],
  ["counted", "tree", []],
] as const)("switches and CPU time of a ping-pong are those of getrusage: %s, %s", async (set, scope, wrapper) => {
  const rounds = 20_000;
  let usage = "";
  const command = [...wrapper, "taskset", "-c", "0", ...perl(pingPong, rounds)] as unknown as [string, ...string[]];
  await using process = await startStopped(command, { onOutput: (text) => (usage += text) });
  using counters = attachCounters(process.pid, set, scope);
  process.resume();
  await process.ended;
  const [switches = 0, seconds = 0] = usage.split(" ").map(Number);
  const { contextSwitches, cpuSeconds } = counters.read();
  // A busy neighbour adds switches, and both see them; one between a write and the read after it saves one.
  expect(contextSwitches).toBeGreaterThan(1.9 * rounds);
  // Some switches come before the exec or after the print.
  expect(Math.abs(contextSwitches! - switches)).toBeLessThan(20);
  // The task clock goes on where a hypervisor takes the CPU away; getrusage leaves that out.
  expect(cpuSeconds).toBeGreaterThan(0.9 * seconds);
  expect(cpuSeconds).toBeLessThan(1.1 * seconds + 20e-6 * switches);
});

test("/proc has the figures of a timed tree while it runs, and getrusage the same", async () => {
  let usage = "";
  const script = `select(undef, undef, undef, 0.0005) for 1 .. 1000; 1 for 1 .. 1000000; $| = 1; ${printUsage} sleep 60`;
  await using process = await startStopped(perl(script), { onOutput: (text) => (usage += text) });
  using counters = attachCounters(process.pid, "timed");
  process.resume();
  while (usage === "") await sleep(5);
  const [switches = 0, seconds = 0] = usage.split(" ").map(Number);
  const figures = counters.read();
  expect(figures).toMatchObject({ syscalls: null, userPageFaults: null, caveats: {} });
  expect(figures.contextSwitches).toBeGreaterThanOrEqual(1000);
  // Between its own reading and ours it prints and goes to sleep, and a neighbour may take the CPU.
  expect(Math.abs(figures.contextSwitches! - switches)).toBeLessThan(30);
  expect(Math.abs(figures.cpuSeconds! - seconds)).toBeLessThan(0.02);
  await process.terminate();
  expect(counters.read()).toMatchObject({ contextSwitches: null, cpuSeconds: null });
});

test("figures of a timed tree are marked when one of its threads has ended", async () => {
  await using process = await startStopped(["sh", "-c", "sleep 5; sleep 60"]);
  using counters = attachCounters(process.pid, "timed");
  process.resume();
  await sleep(150);
  const before = counters.read();
  expect(before.caveats).toEqual({});
  await expect.poll(() => counters.read().caveats.contextSwitches).toMatch(/1 of its threads ended/);
  expect(counters.read().contextSwitches).toBeGreaterThanOrEqual(before.contextSwitches!);
});

test("a timed run has no counters of transitions, and says so", async () => {
  const figures = await count(["true"], "timed", "children");
  const why = "not counted in timed runs";
  expect(figures).toMatchObject({ syscalls: null, syscallsByName: null, userPageFaults: null });
  expect(figures.reasons).toMatchObject({ syscalls: why, syscallsByName: why, userPageFaults: why });
  expect(figures.reasons).not.toHaveProperty("contextSwitches");
});

test("counters tell the sum so far while the process runs", async () => {
  await using process = await startStopped(["sh", "-c", "sleep 60"]);
  using counters = attachCounters(process.pid, "counted");
  expect(counters.read().syscalls).toBe(0);
  process.resume();
  while (counters.read().syscalls! === 0) await sleep(5);
  expect(counters.read().contextSwitches).toBeGreaterThan(0);
});

test("closed counters have no figures", async () => {
  await using process = await startStopped(["true"]);
  const counters = attachCounters(process.pid, "counted");
  const before = readdirSync("/proc/self/fd").length;
  counters[Symbol.dispose]();
  expect(readdirSync("/proc/self/fd").length).toBeLessThan(before - 40);
  expect(counters.read().syscalls).toBeNull();
});

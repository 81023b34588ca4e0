import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { onlineCpus } from "../../../linux/proc/cpu-list.js";
import { attachCounters } from "../../../runners/counters/process-counters.js";
import { startStopped } from "../../../runners/processes/stopped-process.js";

const [getrusage, setaffinity] = process.arch === "arm64" ? [165, 122] : [98, 203];

/** Runs a Perl script on one CPU. @returns the numbers that it printed, and our counts of it */
async function run(script: string) {
  let printed = "";
  const command = ["taskset", "-c", String(onlineCpus()[0]), "perl", "-e", script] as const;
  await using process = await startStopped([...command], { onOutput: (text) => (printed += text) });
  using counters = attachCounters(process.pid, "counted");
  process.resume();
  expect((await process.ended).exitCode).toBe(0);
  return { printed: printed.trim().split(" ").map(Number), figures: counters.read() };
}

/** Prints voluntary and involuntary switches of the process and its ended children, as the kernel keeps them: getrusage(2). */
const printSwitches = `
  my @sum = (0, 0);
  for my $who (0, -1) {
    my $bytes = "\\0" x 144; syscall(${getrusage}, $who, $bytes); my @usage = unpack("q18", $bytes);
    $sum[$_] += $usage[16 + $_] for 0, 1;
  }
  print "@sum";
`;

describe.skipIf(process.getuid?.() !== 0 && !process.env.CI)("the ways in which a process gives its CPU up", () => {
  test.each([
    ["sleeps", "select(undef, undef, undef, 0.0001) for 1 .. 3000;", 3000, 0],
    ["two that spin on one CPU", "if (!fork) { 1 for 1 .. 6_000_000; exit } 1 for 1 .. 6_000_000; wait;", 0, 5],
  ] as const)("voluntary and involuntary are those of getrusage: %s", async (_, work, leastVoluntary, leastInvoluntary) => {
    const { printed, figures } = await run(work + printSwitches);
    const [voluntary = -1, involuntary = -1] = printed;
    expect(voluntary).toBeGreaterThanOrEqual(leastVoluntary);
    expect(involuntary).toBeGreaterThanOrEqual(leastInvoluntary);
    // Before its exec, and after it has printed.
    expect(Math.abs(figures.voluntarySwitches! - voluntary)).toBeLessThan(20);
    expect(Math.abs(figures.contextSwitches! - figures.voluntarySwitches! - involuntary)).toBeLessThan(20);
    expect(figures.switchesToIdle).toBeLessThanOrEqual(figures.voluntarySwitches!);
  });

  test.skipIf(onlineCpus().length < 2)("each move to another CPU is a migration", async () => {
    const [first = 0, second = 0] = onlineCpus();
    // The mask of one CPU, in 128 bytes, given to the own thread.
    const script = `
      sub move { my $mask = "\\0" x 128; vec($mask, $_[0], 1) = 1; syscall(${setaffinity}, 0, 128, $mask) }
      for (1 .. 500) { move(${second}); move(${first}) }`;
    const { figures } = await run(script);
    // Before Perl begins, the exec of taskset may be one (sched_exec balances), and its own move to the first CPU another.
    expect(figures.migrations! - 1000).toBeGreaterThanOrEqual(0);
    expect(figures.migrations! - 1000).toBeLessThanOrEqual(2);
  });

  test("each side of a ping-pong wakes the other one", async () => {
    const rounds = 5000;
    const script = `
      pipe(my $there, my $toThere); pipe(my $back, my $toBack); my $byte;
      if (!fork) { for (1 .. ${rounds}) { sysread($there, $byte, 1); syswrite($toBack, "x") } exit }
      for (1 .. ${rounds}) { syswrite($toThere, "x"); sysread($back, $byte, 1) }
      wait`;
    const { figures } = await run(script);
    // A side that is preempted before it sleeps needs no wake-up. An interrupt may wake tasks of its own meanwhile.
    expect(figures.wakeUpsSent).toBeGreaterThanOrEqual(rounds);
    expect(figures.wakeUpsSent).toBeLessThan(2 * rounds + 500);
  });

  test("interrupts are some of those that the CPU has taken", async () => {
    const taken = () => {
      const [header, ...lines] = readFileSync("/proc/interrupts", "utf8").trimEnd().split("\n");
      const column = header!.trim().split(/\s+/).indexOf(`CPU${onlineCpus()[0]}`) + 1;
      return lines.reduce((sum, line) => sum + (Number(line.trim().split(/\s+/)[column]) || 0), 0);
    };
    const before = taken();
    const { figures } = await run("my $end = times + 0.3; while (times() < $end) { 1 for 1 .. 10000 }");
    expect(figures.interrupts).toBeGreaterThan(0);
    expect(figures.interrupts).toBeLessThanOrEqual(taken() - before);
  });
});

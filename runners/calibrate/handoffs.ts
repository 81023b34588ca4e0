import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeSync } from "node:fs";
import { onlineCpus, twoCpus } from "../../linux/proc/cpu-list.js";
import { spawnNoted } from "../leftovers/spawn.js";
import { makePipes, untilAsleep } from "./pipes.js";
import type { Unit } from "./unit.js";

const rounds = 10_000;

/** dd(1), a loop in C of one read(2) and one write(2) a byte, kept on one CPU. */
function startDd(cpu: number, input: number, output: number): ChildProcess {
  const words = ["-c", String(cpu), "dd", "bs=1", `count=${rounds}`];
  return spawnNoted("taskset", words, { stdio: [input, output, "pipe"], env: { LC_ALL: "C" } });
}

/** The time of a round by dd's own report: `10000 bytes (10 kB, 9.8 KiB) copied, 0.0189 s, 529 kB/s`. */
async function nsPerRound(dd: ChildProcess): Promise<number> {
  let words = "";
  dd.stderr!.setEncoding("utf8").on("data", (text: string) => {
    words += text;
  });
  await once(dd, "close");
  const seconds = /copied, ([\d.e-]+) s/.exec(words)?.[1];
  if (dd.exitCode !== 0 || seconds === undefined) throw new Error(words.trim() || "dd was ended");
  return (Number(seconds) * 1e9) / rounds;
}

/** A read and a write of one byte by a process that never waits: its pipe always has a byte. */
async function alone(cpu: number): Promise<number> {
  using pipes = makePipes();
  writeSync(pipes.there, "x");
  return nsPerRound(startDd(cpu, pipes.there, pipes.there));
}

/** The same by two processes that wait for each other: a round is two reads, two writes, two handoffs. */
async function pingPong(first: number, second: number): Promise<number> {
  using pipes = makePipes();
  const echo = startDd(first, pipes.there, pipes.back);
  try {
    await untilAsleep(echo);
    writeSync(pipes.back, "x");
    const ns = await nsPerRound(startDd(second, pipes.back, pipes.there));
    return ns;
  } finally {
    echo.kill("SIGKILL");
  }
}

function handoff(name: Unit["name"], cpus: () => readonly [number, number]): Unit {
  return {
    name,
    async measure() {
      const [first, second] = cpus();
      return (await pingPong(first, second)) / 2 - (await alone(second));
    },
  };
}

/**
 * A handoff to a task that waits: its wake-up, the switch to it and, on another core, that core's way out of idleness. It is
 * a ping-pong through pipes less the pipes' own cost.
 */
export function handoffUnits(): Unit[] {
  return [
    handoff("switchSameCore", () => {
      const [cpu = 0] = onlineCpus();
      return [cpu, cpu];
    }),
    handoff("wakeOtherCore", twoCpus),
  ];
}

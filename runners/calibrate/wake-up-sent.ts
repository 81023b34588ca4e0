import { once } from "node:events";
import { twoCpus } from "../../linux/proc/cpu-list.js";
import { spawnNoted } from "../leftovers/spawn.js";
import { makePipes, untilAsleep } from "./pipes.js";
import type { Unit } from "./unit.js";

const writes = 1000;

/**
 * Writes bytes to descriptor 3, each long after the one before, and prints the median time of a write(2) in ns. It is a process of
 * its own, since this one can't be kept on one CPU.
 */
const writer = `
  const { writeSync } = require("node:fs");
  const byte = Buffer.alloc(1);
  const timesMs = Array.from({ length: ${writes} }, () => {
    const next = performance.now() + 0.15;
    while (performance.now() < next);
    const start = performance.now();
    writeSync(3, byte);
    return performance.now() - start;
  });
  console.log(timesMs.sort((a, b) => a - b)[${writes / 2}] * 1e6);
`;

/** The time of a write to a pipe, with a reader on another CPU, which goes idle between the writes, or without a reader. */
async function writeNs(cpu: number, readerCpu: number | null): Promise<number> {
  using pipes = makePipes();
  const reader =
    readerCpu === null
      ? null
      : spawnNoted("taskset", ["-c", `${readerCpu}`, "dd", "bs=1", "of=/dev/null"], { stdio: [pipes.there, "ignore", "ignore"] });
  try {
    if (reader !== null) await untilAsleep(reader);
    const words = ["-c", `${cpu}`, process.execPath, "-e", writer];
    const child = spawnNoted("taskset", words, { stdio: ["ignore", "pipe", "inherit", pipes.there] });
    const [text] = await Promise.all([child.stdout!.setEncoding("utf8").toArray(), once(child, "close")]);
    if (child.exitCode !== 0) throw new Error("the writer was ended");
    return Number(text.join(""));
  } finally {
    reader?.kill("SIGKILL");
  }
}

/** The waker's part of a wake-up: the time that waking an idle core takes the sender, which goes on without waiting. */
export const wakeUpSent: Unit = {
  name: "wakeUpSent",
  async measure() {
    const [first, second] = twoCpus();
    return (await writeNs(first, second)) - (await writeNs(first, null));
  },
};

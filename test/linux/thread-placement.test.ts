import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { onlineCpus } from "../../linux/proc/cpu-list.js";
import { keepOn } from "../../linux/proc/thread-placement.js";

/** A process with four threads of its own beside those of Node. It says a line once they run, and starts one more for each line. */
const PROGRAM = `
  const { Worker } = require("node:worker_threads");
  const start = () => new Promise((resolve) => new Worker("setInterval(() => {}, 1000)", { eval: true }).once("online", resolve));
  Promise.all([start(), start(), start(), start()]).then(() => console.log("ready"));
  process.stdin.on("data", () => start().then(() => console.log("more")));
`;

let child: ReturnType<typeof spawn>;

beforeEach(async () => {
  child = spawn(process.execPath, ["-e", PROGRAM], { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout!, "data");
});

afterEach(() => {
  child.kill("SIGKILL");
});

/** The CPUs that each thread may run on, as the kernel writes the list. */
function allowed(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).map(
    (thread) => /^Cpus_allowed_list:\s+(\S+)$/m.exec(readFileSync(`/proc/${pid}/task/${thread}/status`, "utf8"))![1]!,
  );
}

const cpu = onlineCpus().at(-1)!;

describe.skipIf(onlineCpus().length < 2)("threads that are kept on one CPU", () => {
  test("are all there, and get the CPUs back that they had", () => {
    const before = allowed(child.pid!);
    expect(before.length).toBeGreaterThan(4);
    const kept = keepOn(cpu, [child.pid!]);
    expect(new Set(allowed(child.pid!))).toEqual(new Set([String(cpu)]));
    kept[Symbol.dispose]();
    expect(allowed(child.pid!)).toEqual(before);
  });

  test("one that starts meanwhile stays there too, and gets the CPUs of the process", async () => {
    const [usual] = allowed(child.pid!);
    const kept = keepOn(cpu, [child.pid!]);
    const threads = allowed(child.pid!).length;
    child.stdin!.write("more\n");
    await once(child.stdout!, "data");
    expect(allowed(child.pid!).length).toBeGreaterThan(threads);
    expect(new Set(allowed(child.pid!))).toEqual(new Set([String(cpu)]));
    kept[Symbol.dispose]();
    expect(new Set(allowed(child.pid!))).toEqual(new Set([usual]));
  });

  test("a process that has ended is no error", async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
    keepOn(cpu, [child.pid!])[Symbol.dispose]();
  });

  test("a CPU that the process may not use is an error that says so", () => {
    expect(() => keepOn(8000, [child.pid!])).toThrow(/can't be kept on CPU 8000: EINVAL/);
    expect(allowed(child.pid!)[0]).not.toBe("8000");
  });
});

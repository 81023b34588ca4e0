import { spawn, spawnSync } from "node:child_process";
import { expect } from "vitest";
import type { Daemon } from "./daemon.js";

/** Runs fio on a file to its end. */
export function fio(file: string, words: readonly string[]): void {
  const fixed = ["--name=load", `--filename=${file}`, "--ioengine=psync", "--fadvise_hint=0", "--invalidate=0"];
  const { status, stderr } = spawnSync("fio", [...fixed, ...words], { timeout: 60_000 });
  expect(status, String(stderr)).toBe(0);
}

/** Counts the daemon's system calls while something runs, by strace: how often each was made. */
export async function countCalls(daemon: Pick<Daemon, "process">, run: () => void): Promise<(name: string) => number> {
  const tracer = spawn("strace", ["-f", "-c", "-U", "name,calls", "-p", String(daemon.process.pid)]);
  let table = "";
  await new Promise<void>((resolve) =>
    tracer.stderr.on("data", (text) => {
      table += text;
      if (table.includes("attached")) resolve();
    }),
  );
  run();
  tracer.kill("SIGINT");
  await new Promise((resolve) => tracer.on("close", resolve));
  return (name) => Number(new RegExp(`^${name} +(\\d+)$`, "m").exec(table)?.[1] ?? 0);
}

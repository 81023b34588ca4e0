import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { startStopped } from "../../../runners/processes/stopped-process.js";

const isAlive = (pid: number) => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));

async function gone(pid: number): Promise<boolean> {
  for (let waited = 0; waited < 100 && isAlive(pid); waited++) await sleep(20);
  return !isAlive(pid);
}

test("the command waits for resume, then runs under the same pid", async () => {
  await using process = await startStopped(["sh", "-c", "echo $$"]);
  expect(readFileSync(`/proc/${process.pid}/status`, "utf8")).toMatch(/^State:\s+T/m);
  process.resume();
  expect(await process.ended).toMatchObject({ exitCode: 0, signal: null, stdout: `${process.pid}` });
});

test.each([
  ["exits", "exit 7", { exitCode: 7, signal: null }],
  ["is killed", "kill -KILL $$", { exitCode: null, signal: "SIGKILL" }],
  ["complains", "echo no >&2; exit 1", { exitCode: 1, stderr: "no" }],
])("it tells how a command ends that %s", async (_, script, end) => {
  await using process = await startStopped(["sh", "-c", script]);
  process.resume();
  expect(await process.ended).toMatchObject(end);
});

test("terminating before resume ends the waiting shell", async () => {
  const process = await startStopped(["sleep", "60"]);
  await process.terminate();
  expect(isAlive(process.pid)).toBe(false);
});

test("a command that ignores SIGTERM gets SIGKILL after the grace period", async () => {
  const process = await startStopped(["sh", "-c", 'trap "" TERM; echo ready; while :; do sleep 0.01; done'], { graceMs: 200 });
  process.resume();
  await sleep(100);
  expect(await process.terminate()).toMatchObject({ signal: "SIGKILL" });
});

test("descendants end with it, those in a session of their own too", async () => {
  let output = "";
  const process = await startStopped(["sh", "-c", 'setsid sh -c "echo \\$\\$; exec sleep 60" & wait'], {
    onOutput: (text) => {
      output += text;
    },
  });
  process.resume();
  while (!output.includes("\n")) await sleep(10);
  const descendant = Number(output);
  expect(isAlive(descendant)).toBe(true);
  await process.terminate();
  expect(await gone(descendant)).toBe(true);
});

test("aborting ends it", async () => {
  const controller = new AbortController();
  await using process = await startStopped(["sleep", "60"], { signal: controller.signal });
  process.resume();
  controller.abort();
  expect(await process.ended).toMatchObject({ signal: "SIGTERM" });
});

test("it does not outlive a parent that is killed", async () => {
  const script = `
    import { startStopped } from "./dist/runners/stopped-process.js";
    const child = await startStopped(["sleep", "60"]);
    child.resume();
    console.log(child.pid);
    await child.ended;
  `;
  const parent = spawn("node", ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(parent.stdout, "data");
  const pid = Number(line);
  expect(isAlive(pid)).toBe(true);
  parent.kill("SIGKILL");
  expect(await gone(pid)).toBe(true);
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { startStopped } from "../../../runners/processes/stopped-process.js";
import { isAlive } from "../../machine.js";

async function gone(pid: number): Promise<boolean> {
  for (let waited = 0; waited < 100 && isAlive(pid); waited++) await sleep(20);
  return !isAlive(pid);
}

test("the command waits for resume, then runs under the same pid", async () => {
  await using process = await startStopped(["sh", "-c", "echo $$"]);
  expect(readFileSync(`/proc/${process.pid}/comm`, "utf8")).toBe("sh\n");
  process.resume();
  expect(await process.ended).toMatchObject({ exitCode: 0, signal: null, stdout: `${process.pid}` });
});

test.each([
  ["exits", "exit 7", { exitCode: 7, signal: null }],
  ["is killed", "kill -KILL $$", { exitCode: null, signal: "SIGKILL" }],
  ["complains", "echo no >&2; exit 1", { exitCode: 1, stderr: "no" }],
])("the end of a command that %s", async (_, script, end) => {
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

test("a descendant in the background ends with it", async () => {
  let output = "";
  const process = await startStopped(["sh", "-c", 'setsid sh -c "echo \\$\\$; exec sleep 60 >/dev/null 2>&1" &'], {
    onOutput: (text) => {
      output += text;
    },
  });
  process.resume();
  while (!/\d\n/.test(output)) await sleep(10);
  const descendant = Number(output);
  expect(await gone(process.pid)).toBe(true);
  expect(process.processes()).toEqual([descendant]);
  await process.terminate();
  expect(await gone(descendant)).toBe(true);
});

test("a command that isn't there ends with 127", async () => {
  await using process = await startStopped(["/no/such/command"]);
  process.resume();
  expect(await process.ended).toMatchObject({ exitCode: 127, stderr: expect.stringContaining("/no/such/command") });
});

test("without a shell it is not started", async () => {
  const { PATH } = process.env;
  process.env.PATH = "/nowhere";
  try {
    await expect(startStopped(["true"])).rejects.toMatchObject({ code: "COMMAND_NOT_STARTED" });
  } finally {
    process.env.PATH = PATH;
  }
});

test("aborting ends it", async () => {
  const controller = new AbortController();
  await using process = await startStopped(["sleep", "60"], { signal: controller.signal });
  process.resume();
  controller.abort();
  expect(await process.ended).toMatchObject({ signal: "SIGTERM" });
});

test.each([
  ["before its exec", ""],
  ["after its exec", "child.resume();"],
])("it does not outlive a parent that is killed %s", async (_, resume) => {
  const script = `
    import { startStopped } from "./dist/runners/processes/stopped-process.js";
    const child = await startStopped(["sleep", "60"]);
    ${resume}
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

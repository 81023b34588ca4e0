import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { identityOf } from "../../../linux/proc/process-identity.js";
import { canMount } from "../../filesystem/can-mount.js";
import { isAlive, program } from "../../machine.js";
import { asNobody, letNobodyMount, makeNobodysFolder } from "../../nobody.js";

const folder = mkdtempSync(join(tmpdir(), "fusemeter-leftovers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const runners = join(import.meta.dirname, "../../../dist/runners");

/** Runs lines of a module that end with a SIGKILL of their own process. @returns their output */
async function untilKilled(lines: string): Promise<string> {
  const script = `
    import { startStopped } from "${runners}/processes/stopped-process.js";
    import { makeFolder } from "${runners}/leftovers/folder.js";
    ${lines}
    process.kill(process.pid, "SIGKILL");`;
  const options = { reject: false, env: { TMPDIR: folder } } as const;
  return (await execa(process.execPath, ["--input-type=module", "--eval", script], options)).stdout;
}

/** Runs any command. @returns its lines about leftovers */
const nextCommand = () => execaSync(process.execPath, [program, "--help"]).stderr;

/** A process that is none of ours. */
function innocent(): number {
  const child = spawn("sleep", ["60"], { stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child.pid!;
}

const notes = "/run/fusemeter";

/** A note whose owner is dead. */
function writeNote(name: string, note: Readonly<Record<string, unknown>>): string {
  mkdirSync(notes, { recursive: true });
  const path = join(notes, `${name}-of-a-test.json`);
  writeFileSync(path, JSON.stringify({ owner: { ...identityOf(process.pid), startTicks: "1" }, ...note }));
  onTestFinished(() => rmSync(path, { force: true }));
  return path;
}

describe.skipIf(!canMount)("the leftovers of a command that was killed", () => {
  test.each([
    ["that ignores SIGTERM", 'trap "" TERM; echo $$; exec sleep 60'],
    ["in the background, in a session of its own", 'setsid sh -c "trap \\"\\" TERM; echo \\$\\$; exec sleep 60" & wait'],
  ])("a process %s: the next command ends it and says so", async (_, command) => {
    const output = await untilKilled(`
      const text = await new Promise(async (resolve) => {
        (await startStopped(["sh", "-c", ${JSON.stringify(command)}], { onOutput: resolve })).resume();
      });
      (await import("node:fs")).writeSync(1, text);`);
    const pid = Number(output);
    expect(isAlive(pid), `${output} is to be alive`).toBe(true);
    expect(nextCommand()).toContain(`ended process ${pid} (sleep), left by a command that was killed`);
    expect(isAlive(pid)).toBe(false);
    expect(nextCommand()).toBe("");
  });

  test("a folder with a mount in it: the next command unmounts it, removes the folder, and says so", async () => {
    const path = await untilKilled(`
      const { execFileSync } = await import("node:child_process");
      const { path } = await makeFolder(${JSON.stringify(folder)}, "fusemeter-killed-");
      execFileSync("mount", ["-t", "tmpfs", "tmpfs", path]);
      (await import("node:fs")).writeSync(1, path);`);
    expect(nextCommand()).toContain(`unmounted ${path} and removed ${path}, left by a command that was killed`);
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(notes).filter((name) => readFileSync(join(notes, name), "utf8").includes(path))).toEqual([]);
  });

  test("a user without rights has notes of their own, and no folder of notes stays", async () => {
    const place = mkdtempSync(join(tmpdir(), "fusemeter-nobody-"));
    onTestFinished(() => rmSync(place, { recursive: true, force: true }));
    using access = letNobodyMount(place);
    makeNobodysFolder(join(place, "work"));
    const script = `
      import { makeFolder } from "${access.project}/dist/runners/leftovers/folder.js";
      const { path } = await makeFolder(${JSON.stringify(join(place, "work"))}, "fusemeter-killed-");
      process.kill(process.pid, "SIGKILL");`;
    await execa(process.execPath, ["--input-type=module", "--eval", script], { reject: false, ...asNobody });
    expect(readdirSync(join(place, "work"))).toHaveLength(1);
    expect(nextCommand(), "root's commands do not act on the notes of others").toBe("");
    const { stderr } = await execa(process.execPath, [join(access.project, "bin/fusemeter.js"), "--help"], asNobody);
    expect(stderr).toContain(`removed ${join(place, "work")}/fusemeter-killed-`);
    expect(readdirSync(join(place, "work"))).toEqual([]);
    expect(existsSync(`/tmp/fusemeter-notes-${asNobody.uid}`)).toBe(false);
  });

  test("a pid that has been used again is not the process that was noted", () => {
    const pid = innocent();
    const path = writeNote("process", { kind: "process", process: { ...identityOf(pid), startTicks: "1" }, mark: "none" });
    nextCommand();
    expect(isAlive(pid)).toBe(true);
    expect(existsSync(path)).toBe(false);
  });

  test("a note of an earlier boot names no process of this one", () => {
    const pid = innocent();
    const before = { bootId: "x" };
    const owner = { ...identityOf(process.pid), ...before };
    const path = writeNote("process", { kind: "process", process: { ...identityOf(pid), ...before }, mark: "none", owner });
    nextCommand();
    expect(isAlive(pid)).toBe(true);
    expect(existsSync(path)).toBe(false);
  });

  test("the notes of a living command are left alone", () => {
    const path = join(folder, "in-use");
    mkdirSync(path);
    const note = writeNote("folder", { kind: "folder", path, madeAbove: null, owner: identityOf(process.pid)! });
    nextCommand();
    expect(existsSync(path)).toBe(true);
    expect(existsSync(note)).toBe(true);
  });
});

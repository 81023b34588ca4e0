import { readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa, execaSync } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LoopDevice } from "../../../studies/kills/loop-device.js";
import { program } from "../../machine.js";

const library = join(import.meta.dirname, "../../../dist/runners/knobs/knob.js");

/** A process that sets a knob and then runs its last line. */
function inProcess(knob: string, then: string) {
  const script = `import { setKnob } from ${JSON.stringify(library)}; const set = setKnob(${JSON.stringify(knob)}, "64"); ${then}`;
  return execa(process.execPath, ["--input-type=module", "--eval", script], { reject: false });
}

const notes = () => {
  try {
    return readdirSync("/run/fusemeter").filter((name) => name.includes(device.name));
  } catch {
    return [];
  }
};

let device: LoopDevice;

const describeAsRoot = process.getuid?.() === 0 || process.env.CI ? describe : describe.skip;

describeAsRoot("a knob of the kernel", () => {
  beforeAll(() => {
    device = new LoopDevice();
  });
  afterAll(() => {
    device[Symbol.dispose]();
  });

  test.each([
    ["disposed of", "set[Symbol.dispose]()"],
    ["left to process.exit", "process.exit(0)"],
    ["left to an error", "throw new Error('x')"],
  ])("%s is put back", async (_how, then) => {
    const before = readFileSync(device.knob, "utf8");
    await inProcess(device.knob, then);
    expect(readFileSync(device.knob, "utf8")).toBe(before);
    expect(notes()).toEqual([]);
  });

  test("set again by the process that has set it: the first setter alone puts it back", async () => {
    const before = readFileSync(device.knob, "utf8");
    const knob = JSON.stringify(device.knob);
    const then = `setKnob(${knob}, "64")[Symbol.dispose](); const { readFileSync } = await import("node:fs"); console.log(readFileSync(${knob}, "utf8")); set[Symbol.dispose]();`;
    const { stdout, exitCode } = await inProcess(device.knob, then);
    expect([exitCode, stdout.trim()]).toEqual([0, "64"]);
    expect(readFileSync(device.knob, "utf8")).toBe(before);
  });

  test("changed by a process that was killed: the next command of any kind puts it back and says so", async () => {
    const before = readFileSync(device.knob, "utf8");
    await inProcess(device.knob, "process.kill(process.pid, 'SIGKILL')");
    expect(readFileSync(device.knob, "utf8")).toBe("64\n");
    const { stderr } = execaSync(process.execPath, [program, "--version"], { reject: false });
    expect(stderr).toContain(device.knob);
    expect(readFileSync(device.knob, "utf8")).toBe(before);
    expect(notes()).toEqual([]);
  });

  test("is noted while it is changed, and nobody else may change it", async () => {
    const holder = inProcess(device.knob, "setInterval(() => {}, 1000)");
    while (readFileSync(device.knob, "utf8") !== "64\n") await sleep(10);
    expect(notes()).toHaveLength(1);
    const same = await inProcess(device.knob, "");
    expect(same.stderr).toContain("KNOB_BUSY");
    execaSync(process.execPath, [program, "--version"], { reject: false });
    expect(readFileSync(device.knob, "utf8"), "the owner lives: nobody puts it back").toBe("64\n");
    holder.kill("SIGTERM");
    await holder;
    execaSync(process.execPath, [program, "--version"], { reject: false });
    expect(notes()).toEqual([]);
  });

  test("a command in a pid namespace of its own does not take an owner outside of it for dead", async () => {
    const before = readFileSync(device.knob, "utf8");
    const holder = inProcess(device.knob, "setInterval(() => {}, 1000)");
    while (readFileSync(device.knob, "utf8") !== "64\n") await sleep(10);
    execaSync("unshare", ["--pid", "--fork", "--mount-proc", process.execPath, program, "--version"], { reject: false });
    expect(readFileSync(device.knob, "utf8")).toBe("64\n");
    holder.kill("SIGTERM");
    await holder;
    execaSync(process.execPath, [program, "--version"], { reject: false });
    expect(readFileSync(device.knob, "utf8")).toBe(before);
  });

  // A container can't see that another one has ended.
  const isOutside = readlinkSync("/proc/self/ns/pid") === "pid:[4026531836]";
  test.runIf(isOutside)("changed in a pid namespace that has ended: put back by the next command outside of it", () => {
    const before = readFileSync(device.knob, "utf8");
    const script = `import { setKnob } from ${JSON.stringify(library)}; setKnob(${JSON.stringify(device.knob)}, "64"); process.kill(process.pid, "SIGKILL")`;
    const words = [
      "--pid",
      "--fork",
      "--mount-proc",
      "sh",
      "-c",
      '"$@"; true',
      "sh",
      process.execPath,
      "--input-type=module",
      "--eval",
      script,
    ];
    execaSync("unshare", words, { reject: false });
    expect(readFileSync(device.knob, "utf8")).toBe("64\n");
    execaSync(process.execPath, [program, "--version"], { reject: false });
    expect(readFileSync(device.knob, "utf8")).toBe(before);
  });

  test("a note of an earlier boot is forgotten, and its knob left alone", () => {
    const before = readFileSync(device.knob, "utf8");
    const path = join("/run/fusemeter", `${device.knob.slice(1).replaceAll("/", "+")}.json`);
    writeFileSync(path, JSON.stringify({ knob: device.knob, was: "4", owner: { bootId: "x", pid: 1, startTicks: "1" } }));
    execaSync(process.execPath, [program, "--version"], { reject: false });
    expect(readFileSync(device.knob, "utf8")).toBe(before);
    expect(notes()).toEqual([]);
    rmSync(path, { force: true });
  });

  test("a value that the kernel refuses is an error, and nothing is noted", async () => {
    const { stderr } = await inProcess("/sys/block/no-such-device/queue/read_ahead_kb", "");
    expect(stderr).toContain("KNOB_NOT_CHANGED");
    expect(notes()).toEqual([]);
  });
});

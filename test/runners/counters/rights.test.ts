import { execa } from "execa";
import { describe, expect, test } from "vitest";

/** Reads counters of a shell and a child of it, half-way and after its end, and prints them as JSON. */
const script = `
  import { setTimeout as sleep } from "node:timers/promises";
  import { attachCounters } from "./dist/runners/counters/process-counters.js";
  import { startStopped } from "./dist/runners/processes/stopped-process.js";
  const process = await startStopped(["sh", "-c", "dd if=/dev/zero of=/dev/null bs=1 count=5000 status=none; echo; sleep 60"], {
    onOutput: () => { read(); void process.terminate(); }
  });
  const counters = attachCounters(process.pid, "counted");
  const all = [];
  const read = () => all.push(counters.read());
  process.resume();
  await process.ended;
  read();
  console.log(JSON.stringify(all));
`;

async function figures(...wrapper: [string, ...string[]]) {
  const [command, ...words] = wrapper;
  const { stdout } = await execa(command, [...words, process.execPath, "--input-type=module", "-e", script]);
  return JSON.parse(stdout);
}

async function requestsOf(set: string, ...wrapper: [string, ...string[]]) {
  const module = "./dist/runners/counters/request-counters.js";
  const script = `import { countRequests } from "${module}"; console.log(JSON.stringify(countRequests(0, "${set}").read()))`;
  const [command, ...words] = wrapper;
  const { stdout } = await execa(command, [...words, process.execPath, "--input-type=module", "-e", script]);
  return JSON.parse(stdout);
}

const describeAsRoot = process.getuid?.() === 0 || process.env.CI ? describe : describe.skip;

describeAsRoot("counters with fewer rights than root's", () => {
  // In a user namespace of its own a process keeps its files and loses every capability over the kernel.
  test("without rights: figures of /proc with a caveat; the rest is null with a reason, never 0", async () => {
    const [running, ended] = await figures("unshare", "--user");
    expect(running).toMatchObject({
      syscalls: null,
      contextSwitches: expect.any(Number),
      voluntarySwitches: expect.any(Number),
      reasons: { syscalls: expect.stringMatching(/needs root/) },
      caveats: {
        syscallsByName: expect.stringMatching(/\/proc\/PID\/io.*needs root/),
        contextSwitches: expect.stringMatching(/from \/proc.*needs root/),
        voluntarySwitches: expect.stringMatching(/from \/proc.*needs root/),
        cpuSeconds: expect.stringMatching(/from \/proc.*needs root/),
      },
    });
    // Without tracefs mounted there is a software event, which kernel.perf_event_paranoid of 2 leaves to everybody.
    expect(running.userPageFaults).not.toBe(0);
    expect(running.syscallsByName["read*"]).toBeGreaterThan(5000);
    expect(ended).toMatchObject({ syscalls: null, contextSwitches: null, cpuSeconds: null, caveats: {} });
  });

  test.each(["timed", "counted"])("without rights: no requests, and the reason, %s", async (set) => {
    const { requests, reason } = await requestsOf(set, "unshare", "--user");
    expect(requests).toBeNull();
    expect(reason).toMatch(/needs root/);
  });

  test("root with tracefs unmounted: all figures, and tracefs stays unmounted", async () => {
    const unmounted = 'umount -a -t tracefs; "$@" && ! grep tracefs /proc/self/mountinfo';
    const [running, ended] = await figures("unshare", "--mount", "sh", "-c", unmounted, "sh");
    for (const figure of [running, ended]) expect(figure).toMatchObject({ reasons: {}, caveats: {} });
    expect(ended.syscallsByName.read).toBeGreaterThan(5000);
  });
});

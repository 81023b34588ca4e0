import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mountsBelow } from "../../../linux/mounts/mountinfo.js";
import { usableCpus } from "../../../linux/proc/usable-cpus.js";
import { AS_FOUND, type CellKey, type Placement, type SliceRound } from "../../../results/index.js";
import { type Backend, builtInBackend, commandBackend, NATIVE_AGAIN } from "../../../runners/backends/backend.js";
import { makeTestFile } from "../../../runners/files/test-data.js";
import { makeWorkspace, type Workspace } from "../../../runners/files/workspace.js";
import { takeRound } from "../../../runners/slices/index.js";
import type { RoundSetting } from "../../../runners/slices/round-setting.js";
import { canMount } from "../../filesystem/can-mount.js";
import { processesNaming, program } from "../../machine.js";

const folder = mkdtempSync(join(import.meta.dirname, "..", "..", "..", "node_modules", ".fusemeter-test-round-"));
const MIB = 2 ** 20;
const BYTES = 64 * MIB;
let workspace: Workspace;

beforeAll(async () => {
  workspace = await makeWorkspace(folder);
  await makeTestFile(join(workspace.source, "warm.dat"), BYTES);
});
afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** The reader of this project: other ones may run on the machine. */
const reader = join(import.meta.dirname, "..", "..", "..", "dist/runners/slices/reader/main.js");

const native = builtInBackend("native");
const again: Backend = { ...native, name: NATIVE_AGAIN };
const own = `'${process.execPath}' '${program}' mount --mode daemon --transport device {source} {mountpoint}`;

interface Asked {
  readonly backends: readonly Backend[];
  readonly placements?: readonly Placement[];
  readonly cell?: Partial<CellKey>;
  readonly rest?: Partial<RoundSetting>;
}

interface Slices {
  readonly backend: string;
  readonly placement: Placement;
  readonly slices: SliceRound;
}

/** A daemon of ours that gets a signal once it has served some hundred requests. */
function struckBy(name: string, signal: "KILL" | "STOP"): Backend {
  const reads = "reads() { awk '/^syscr/ {print $2}' /proc/$pid/io; }";
  const untilMounted = 'for at; do :; done; until grep -qF " $at " /proc/self/mountinfo; do sleep 0.01; done';
  const untilAtWork = "start=$(reads); while [ $(reads) -lt $((start + 300)) ]; do sleep 0.01; done";
  const script = `"$0" "$@" & pid=$!; ${reads}; ${untilMounted}; ${untilAtWork}; kill -${signal} $pid; wait $pid`;
  return commandBackend(`${name}=sh -c '${script.replaceAll("'", "'\\''")}' ${own}`);
}

/** Takes a round of random 4 KiB reads of a warm file. */
async function roundOf({ backends, placements = ["scheduler"], cell = {}, rest = {} }: Asked): Promise<Slices[]> {
  const taken: Slices[] = [];
  const usual = { workload: "rnd-rd-1th-1f", ioSizeBytes: 4096, cache: "warm" } as const;
  await takeRound({
    round: 0,
    keys: backends.map(({ name }) => ({ backend: name, ...usual, ...cell })),
    placements,
    wants: () => true,
    backends: new Map(backends.map((backend) => [backend.name, backend])),
    fileSizeBytes: BYTES,
    seed: 1,
    workspace,
    signal: new AbortController().signal,
    onPhase: () => {},
    onSlices: async ({ backend }, placement, slices) => void taken.push({ backend, placement, slices }),
    ...rest,
  });
  return taken;
}

/** The slices of a backend; the test fails where they failed. */
function takenBy(taken: readonly Slices[], name: string) {
  const { slices } = taken.find(({ backend }) => backend === name)!;
  if (!slices.ok) throw new Error(`${name}: ${slices.failure}`);
  return slices;
}

function failureOf(taken: readonly Slices[], name: string): string | null {
  const { slices } = taken.find(({ backend }) => backend === name)!;
  return slices.ok ? null : slices.failure;
}

/** Nothing of a round stays. */
function expectNothingLeft() {
  expect(mountsBelow(folder)).toEqual([]);
  expect(processesNaming(folder)).toEqual([]);
  expect(processesNaming(reader)).toEqual([]);
}

describe.skipIf(!canMount)("a round", () => {
  test("has slices of each backend, and the READs that its mode sends", async () => {
    const backends = [native, again, builtInBackend("fuse"), builtInBackend("passthrough")];
    const taken = await roundOf({ backends });
    expect(taken.map(({ backend }) => backend)).toEqual(backends.map(({ name }) => name));
    for (const { backend, slices } of taken) {
      expect(slices).toMatchObject({ ok: true, round: 0 });
      const { nsPerOperation, cpuNsPerOperation, operations, ownNsPerOperation } = takenBy(taken, backend);
      expect(nsPerOperation.length).toBeGreaterThanOrEqual(12);
      expect(nsPerOperation.every((ns) => ns !== null && ns > 0)).toBe(true);
      expect(cpuNsPerOperation).toHaveLength(nsPerOperation.length);
      expect(operations).toBeGreaterThanOrEqual(16);
      expect(ownNsPerOperation).toBeGreaterThan(0);
    }
    expect(takenBy(taken, "native").readsPerOperation).toBeNull();
    expect(takenBy(taken, "fuse").readsPerOperation).toBeCloseTo(1, 2);
    expect(takenBy(taken, "passthrough").readsPerOperation).toBe(0);
    expectNothingLeft();
  });

  test("reads in sequence with fewer requests than reads", async () => {
    const taken = await roundOf({ backends: [native, builtInBackend("fuse")], cell: { workload: "seq-rd-1th-1f" } });
    // 128 KiB a request; readahead goes on a little behind the last read.
    expect(takenBy(taken, "fuse").readsPerOperation! * 32).toBeCloseTo(1, 1);
  });

  test("reads a hot file from the mount's own pages", async () => {
    const taken = await roundOf({ backends: [native, builtInBackend("fuse")], cell: { cache: "hot" } });
    expect(takenBy(taken, "fuse").readsPerOperation).toBe(0);
  });

  test("reads a mapping through each mount", async () => {
    const readahead = { ...AS_FOUND, access: "mmap", advice: "random" } as const;
    const taken = await roundOf({ backends: [native, builtInBackend("fuse")], cell: { readahead } });
    expect(takenBy(taken, "native").nsPerOperation.every((ns) => ns !== null && ns > 0)).toBe(true);
    expect(takenBy(taken, "fuse").readsPerOperation).toBeCloseTo(1, 2);
  });

  test("a backend that does not mount is left out, the others are measured", async () => {
    const broken = commandBackend("broken=sh -c 'echo no disk >&2; exit 3' {source} {mountpoint}");
    const taken = await roundOf({ backends: [native, broken] });
    expect(failureOf(taken, "broken")).toContain("exit 3: no disk");
    expect(failureOf(taken, "native")).toBeNull();
    expectNothingLeft();
  });

  test("a window that can't be set leaves out its mount, which is taken down", async () => {
    const memory = commandBackend('memory=sh -c \'mount -t tmpfs tmpfs "$1" && cp "$0"/warm.dat "$1"\' {source} {mountpoint}');
    const taken = await roundOf({ backends: [native, memory], cell: { readahead: { ...AS_FOUND, mountKiB: 64 } } });
    expect(failureOf(taken, "memory")).toContain("readahead window");
    expect(failureOf(taken, "native")).toBeNull();
    expectNothingLeft();
  });

  test("a mount that shares the source's pages leaves it warm", async () => {
    const bound = commandBackend("bound=mount --bind {source} {mountpoint}");
    const taken = await roundOf({ backends: [native, bound] });
    expect(failureOf(taken, "bound")).toBeNull();
    expect(failureOf(taken, "native")).toBeNull();
    expectNothingLeft();
  });

  test("mounts that a command stacks are taken down with it", async () => {
    const lower = `${own.replace("{mountpoint}", '"$1/../lower"').replace("{source}", '"$0"')} & sleep 1`;
    const upper = own.replace("{source}", '"$1/../lower"').replace("{mountpoint}", '"$1"');
    const script = `mkdir -p "$1/../lower"; ${lower}; exec ${upper}`;
    const stacked = commandBackend(`stacked=sh -c ${JSON.stringify(script).replaceAll("$", "\\$")} {source} {mountpoint}`);
    const taken = await roundOf({ backends: [native, stacked] });
    expect(failureOf(taken, "stacked")).toBeNull();
    expectNothingLeft();
  });

  test.each([
    ["pread", AS_FOUND.access],
    ["a mapping", "mmap"],
  ] as const)("a daemon that dies between slices fails alone: %s", async (_, access) => {
    const readahead = { ...AS_FOUND, access, advice: "random" } as const;
    const taken = await roundOf({ backends: [native, struckBy("mortal", "KILL"), builtInBackend("fuse")], cell: { readahead } });
    expect(failureOf(taken, "mortal")).toMatch(/^the daemon ended \((exit 137|SIGKILL)/);
    expect([failureOf(taken, "native"), failureOf(taken, "fuse")]).toEqual([null, null]);
    expectNothingLeft();
    const later = await roundOf({ backends: [native, builtInBackend("fuse")] });
    expect(later.map(({ slices }) => slices.ok)).toEqual([true, true]);
  });

  test("a daemon that hangs fails alone, and names the time", async () => {
    const stuck = struckBy("stuck", "STOP");
    const taken = await roundOf({ backends: [native, stuck, builtInBackend("fuse")], rest: { hangMs: 2000 } });
    expect(failureOf(taken, "stuck")).toMatch(/^the daemon gave no answer for \d+ s/);
    expect([failureOf(taken, "native"), failureOf(taken, "fuse")]).toEqual([null, null]);
    expectNothingLeft();
  });

  test("an abort during slices leaves nothing", async () => {
    const controller = new AbortController();
    const taking = roundOf({
      backends: [native, builtInBackend("fuse")],
      placements: ["one-core", "scheduler"],
      rest: {
        signal: controller.signal,
        onPhase: (phase) => void (phase === "mounting" ? null : setTimeout(() => controller.abort("SIGTERM"), 300)),
      },
    });
    await expect(taking).rejects.toBe("SIGTERM");
    expectNothingLeft();
  });
});

/** The CPUs that the threads of a process may use now, each list once. */
function cpuListsOf(pid: number): string[] {
  const lists = readdirSync(`/proc/${pid}/task`).map((thread) => {
    try {
      const status = readFileSync(`/proc/${pid}/task/${thread}/status`, "utf8");
      return /^Cpus_allowed_list:\s+(\S+)$/m.exec(status)![1]!;
    } catch {
      // The thread has ended.
      return null;
    }
  });
  return [...new Set(lists.filter((list) => list !== null))].toSorted();
}

/** The pid of the only process whose command line has a text; null while there is none. */
function pidNaming(text: string): number | null {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").includes(text);
    } catch {
      return false;
    }
  });
  return found === undefined ? null : Number(found);
}

/** One look at a round while it takes slices. */
interface Look {
  readonly placement: string;
  readonly reader: string[];
  readonly daemon: string[];
}

/** Takes a round, and looks at the CPUs of reader and daemon meanwhile. */
async function looksAt(placements: readonly Placement[], seed: number): Promise<Look[]> {
  const looks: Look[] = [];
  let placement = "";
  let hasEnded = false;
  const look = async () => {
    while (!hasEnded) {
      await sleep(20);
      const [reading, serving] = [pidNaming(reader), pidNaming(`${workspace.source} ${workspace.mountpoint}`)];
      if (reading === null || serving === null || placement === "") continue;
      try {
        looks.push({ placement, reader: cpuListsOf(reading), daemon: cpuListsOf(serving) });
      } catch {
        // A process has ended.
      }
    }
  };
  const looking = look();
  await roundOf({
    backends: [native, builtInBackend("fuse")],
    placements,
    rest: {
      seed,
      onPhase(phase) {
        placement = phase === "mounting" ? "" : phase.split(", ").at(-1)!;
      },
    },
  });
  hasEnded = true;
  await looking;
  return looks;
}

const ONE_CPU = /^\d+$/;

describe.skipIf(!canMount || usableCpus().length < 2)("placements", () => {
  test("hold for every thread of reader and daemon", async () => {
    const looks = await looksAt(["one-core", "two-cores"], 1);
    /** The look in the middle of a placement's slices. */
    const inside = (name: Placement) => {
      const own = looks.filter(({ placement }) => placement === name);
      return own[Math.floor(own.length / 2)]!;
    };
    const [one, two] = [inside("one-core"), inside("two-cores")];
    expect(one.reader).toEqual([expect.stringMatching(ONE_CPU)]);
    expect(one.daemon).toEqual(one.reader);
    expect(two.reader).toEqual(one.reader);
    expect(two.daemon).toEqual([expect.stringMatching(ONE_CPU)]);
    expect(two.daemon).not.toEqual(two.reader);
  });

  test("end with their slices: the scheduler then has all CPUs again", async () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const looks = await looksAt(["one-core", "scheduler"], seed);
      if (looks[0]!.placement === "scheduler") continue;
      const usual = cpuListsOf(process.pid);
      const later = looks.filter(({ placement }) => placement === "scheduler");
      expect(later.length).toBeGreaterThan(5);
      for (const { reader, daemon } of later) expect([reader, daemon]).toEqual([usual, usual]);
      return;
    }
    expect.unreachable("no seed has one-core first");
  });
});
